# SPDX-License-Identifier: MIT
"""Event files as other programs write them: TensorFlow 2 (by TensorBoard's own writer and plugins), and
PyTorch (by tensorboardX, which writes what PyTorch's SummaryWriter does).

Usage: foreign_writers.py DIRECTORY    makes the files of tests/golden anew: events_*.tfevents, and *.txt,
                                       what TensorBoard's classes read in them
"""

import pathlib
import sys
import tempfile

import event_lines
import numpy as np
import tensorboardX
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.audio import metadata as audio_metadata
from tensorboard.plugins.histogram import summary_v2 as histogram_v2
from tensorboard.plugins.image import metadata as image_metadata
from tensorboard.plugins.scalar import metadata as scalar_metadata
from tensorboard.plugins.scalar import summary_v2 as scalar_v2
from tensorboard.plugins.text import summary_v2 as text_v2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

NUMBERS = ("float16", "float32", "float64", "int8", "int16", "int32", "int64")
MORE_NUMBERS = ("uint8", "uint16", "uint32", "uint64", "bool")


def value_of(tag, data, metadata):
    tensor = tensor_util.make_tensor_proto(data)
    return summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=metadata)


def add(writer, step, *values):
    summary = summary_pb2.Summary(value=values)
    writer.add_event(event_pb2.Event(wall_time=1e9 + step / 3, step=step, summary=summary))


def tensorflow_style(directory):
    """Tensors with metadata, of each type."""
    writer = EventFileWriter(str(directory))
    scalar = scalar_metadata.create_summary_metadata("shown", "what it is")
    image = image_metadata.create_summary_metadata("", "")
    audio = audio_metadata.create_summary_metadata("", "", audio_metadata.Encoding.Value("WAV"))
    for step in (-3, 0, 7, 2**40):
        add(writer, step, *scalar_v2.scalar_pb("loss", 1 / (step + 4)).value)
        add(writer, step, *histogram_v2.histogram_pb("weights", [1.0, 2, 2.5, step], 5).value)
    for name in (*NUMBERS, *MORE_NUMBERS):
        add(writer, 1, value_of(f"one/{name}", np.array(3 % 2 if name == "bool" else 3, name), scalar))
        metadata = summary_pb2.SummaryMetadata()
        metadata.plugin_data.plugin_name = "tensor"
        add(writer, 1, value_of(f"all/{name}", np.array([[1, 0], [1, 1]], name), metadata))
    add(writer, 2, *text_v2.text_pb("text", "some *text* with \u00e9").value)
    add(writer, 2, *text_v2.text_pb("table", [["a", "b"], ["", "d"]]).value)
    add(writer, 3, value_of("image", [b"3", b"2", b"first png", b"second png"], image))
    add(writer, 3, value_of("audio", [[b"RIFF one", b""], [b"RIFF two", b""]], audio))
    empty = summary_pb2.Summary.Value(tag="no value")
    old = summary_pb2.Summary.Value(tag="simple", simple_value=0.1)
    add(writer, 4, empty, old)
    writer.add_event(event_pb2.Event(wall_time=1e9, graph_def=b"graph"))
    session = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    writer.add_event(event_pb2.Event(wall_time=1e9, step=5, session_log=session))
    run_metadata = event_pb2.TaggedRunMetadata(tag="step", run_metadata=b"metadata")
    writer.add_event(event_pb2.Event(wall_time=1e9, step=5, tagged_run_metadata=run_metadata))
    writer.close()


def pytorch_style(directory):
    """What SummaryWriter writes, which was taken up again at a step."""
    random = np.random.default_rng(1)
    for begin, end, options in ((0, 4, {}), (2, 6, {"purge_step": 2})):
        suffix = f".{begin}"
        writer = tensorboardX.SummaryWriter(str(directory), filename_suffix=suffix, **options)
        for step in range(begin, end):
            writer.add_scalar("loss", 1 / (step + 1), step, walltime=1e9 + step)
        writer.add_histogram("weights", random.normal(size=20), end, bins=5, walltime=1e9)
        writer.add_image("image", np.full((3, 2, 4), 0.5), end, walltime=1e9)
        writer.add_text("text", "some *text*", end, walltime=1e9)
        writer.add_histogram_raw(
            "raw", 0.0, 3.0, 6, 9.0, 14.0, [0.5, 2, 5], [0, 4, 2], end, walltime=1e9
        )
        writer.add_pr_curve(
            "pr", np.array([1, 0, 1]), np.array([0.9, 0.2, 0.4]), end, num_thresholds=5, walltime=1e9
        )
        writer.close()


WRITERS = {"tensorflow": tensorflow_style, "pytorch": pytorch_style}


def main():
    for name, write in WRITERS.items():
        target = pathlib.Path(sys.argv[1]) / f"events_{name}"
        with tempfile.TemporaryDirectory() as directory:
            write(directory)
            files = sorted(pathlib.Path(directory).glob("*tfevents*"))
            # The files of a run, one behind the other, are an event file again.
            target.with_suffix(".tfevents").write_bytes(b"".join(f.read_bytes() for f in files))
        target.with_suffix(".txt").write_text(
            "".join(event_lines.lines_of([target.with_suffix(".tfevents")]))
        )


if __name__ == "__main__":
    main()
