#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the runs with TensorBoard's Python classes: the accumulator of its plugins, and the one that
users' own scripts call. Usage: check_accumulators.py RUNS"""

import contextlib
import io
import logging
import pathlib
import struct
import sys
import types
import unittest.mock
import wave

import numpy as np
from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator
from tensorboard.compat.proto import summary_pb2
from tensorboard.plugins.histogram import summary_v2 as histogram_summary
from tensorboard.plugins.mesh import metadata as mesh_metadata
from tensorboard.plugins.pr_curve import summary as pr_summary
from tensorboard.util import tensor_util

import checks
from checks import equal, equal_series

RUNS = pathlib.Path(sys.argv[1]) / "all"


def plugins(run):
    loaded = plugin_event_accumulator.EventAccumulator(str(RUNS / run))
    return loaded.Reload()


def legacy(run):
    loaded = event_accumulator.EventAccumulator(str(RUNS / run))
    return loaded.Reload()


def tensors(loaded, tag):
    return [(e.step, tensor_util.make_ndarray(e.tensor_proto)) for e in loaded.Tensors(tag)]


def numbers(loaded, tag):
    return [(step, value.item()) for step, value in tensors(loaded, tag)]


def texts(loaded, tag):
    return [(step, value.tolist()) for step, value in tensors(loaded, tag)]


def legacy_numbers(loaded, tag):
    return [(e.step, e.value) for e in loaded.Scalars(tag)]


def scalars_of_plugins():
    loaded = plugins("scalars")
    equal_series(numbers(loaded, "simple"), checks.SIMPLE, "simple")
    equal_series(numbers(loaded, "as tensor"), checks.AS_TENSOR, "as tensor")
    equal_series(numbers(loaded, "not finite"), checks.NOT_FINITE, "not finite")
    equal_series(numbers(loaded, checks.BAD_NAME), [(0, 1.0)], "bad name")
    for tag in ("simple", "as tensor", "described"):
        metadata = loaded.SummaryMetadata(tag)
        equal(metadata.plugin_data.plugin_name, "scalars", tag)
        equal(metadata.data_class, 1, tag)
    described = loaded.SummaryMetadata("described")
    equal(described.summary_description, "what *it* is")
    equal(described.display_name, "shown")


def scalars_of_scripts():
    loaded = legacy("scalars")
    equal_series(legacy_numbers(loaded, "simple"), checks.SIMPLE, "simple")
    equal_series(legacy_numbers(loaded, "not finite"), checks.NOT_FINITE, "not finite")
    equal(loaded.Scalars(checks.BAD_NAME)[0].wall_time > 1.6e9, True, "wall time")
    assert "as tensor" not in loaded.Tags()["scalars"]


def texts_of_plugins():
    loaded = plugins("texts")
    equal(texts(loaded, "plain"), [(0, b"some **bold** text")])
    equal(texts(loaded, "list"), [(1, [b"a", b"", "bad \ufffd".encode()])])
    equal(texts(loaded, "table"), [(2, [[b"a", b"b"], [b"c", b""]])])
    equal(loaded.SummaryMetadata("plain").plugin_data.plugin_name, "text")
    equal(loaded.SummaryMetadata("plain").summary_description, "a text")


def tensors_of_plugins():
    loaded = plugins("tensors")
    equal(texts(loaded, "numbers"), [(1, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])])
    equal(loaded.SummaryMetadata("numbers").plugin_data.plugin_name, "tensor")


def histogram_rows(values, buckets):
    """Those that TensorBoard's own code makes."""
    written = histogram_summary.histogram_pb("", values, buckets)
    return tensor_util.make_ndarray(written.value[0].tensor)


def histograms_of_plugins():
    loaded = plugins("histograms")
    for tag, steps in checks.HISTOGRAMS.items():
        found = tensors(loaded, tag)
        equal([step for step, _ in found], list(steps), tag)
        for step, rows in found:
            expected = histogram_rows(*steps[step])
            equal((rows.shape, rows.dtype), (expected.shape, expected.dtype), tag)
            equal(rows.tolist(), expected.tolist(), tag)
    equal_series(numbers(loaded, "not finite/non_finite"), [(1, 2.0)], "not finite")
    ((step, rows),) = tensors(loaded, "built")
    expected = histogram_rows(checks.histogram_values(3000), None)
    equal((step, rows.shape, rows[:, 2].sum()), (1, expected.shape, 3000))
    assert abs(rows[:, :2] - expected[:, :2]).max() < 126 / 1000, rows
    equal(tensors(loaded, "raw")[0][1].tolist(), checks.RAW_HISTOGRAM)
    metadata = loaded.SummaryMetadata("weights")
    equal(metadata.plugin_data.plugin_name, "histograms")
    equal(metadata.summary_description, "a *histogram*")


def histograms_of_scripts():
    (event,) = legacy("histograms").Histograms("raw")
    found = event.histogram_value
    equal((found.min, found.max, found.num, found.sum), (-0.5, 3, 6, 9))
    equal(list(found.bucket_limit), [0, 2.5, 4])
    equal(list(found.bucket), [1, 2, 3])


def pr_rows(thresholds, weights):
    """Those that TensorBoard's own code makes, with protobufs for the TensorFlow that it wants."""
    tensorflow = types.ModuleType("tensorflow.compat.v1")
    tensorflow.Summary = summary_pb2.Summary
    tensorflow.SummaryMetadata = summary_pb2.SummaryMetadata
    tensorflow.make_tensor_proto = tensor_util.make_tensor_proto
    tensorflow.float32 = np.float32
    names = ("tensorflow", "tensorflow.compat", "tensorflow.compat.v1")
    labels = np.arange(2000) % 3 == 0
    predictions = (np.arange(2000) * 37 % 1001).astype(np.float32) / np.float32(1000)
    with unittest.mock.patch.dict(sys.modules, dict.fromkeys(names, tensorflow)):
        tensorflow.compat = tensorflow.v1 = tensorflow
        written = pr_summary.pb(
            "", labels, predictions, thresholds, None if weights is None else np.array(weights)
        )
    return tensor_util.make_ndarray(written.value[0].tensor), written.value[0].metadata


def pr_curves_of_plugins():
    loaded = plugins("curves")
    for tag, (thresholds, weights) in checks.PR_CURVES.items():
        expected, metadata = pr_rows(thresholds, weights)
        for _, rows in tensors(loaded, tag):
            equal((rows.shape, rows.dtype), ((6, thresholds), expected.dtype), tag)
            equal(rows.tolist(), expected.tolist(), tag)
        equal(loaded.SummaryMetadata(tag).plugin_data, metadata.plugin_data, tag)
    equal(loaded.SummaryMetadata("curve").summary_description, "a *curve*")
    equal_series(numbers(loaded, "not a number/non_finite"), [(1, 1.0)], "not a number")


def blobs(loaded, tag):
    return [(step, value.tolist()) for step, value in tensors(loaded, tag)]


def png_size(file):
    assert file[:8] == b"\x89PNG\r\n\x1a\n", file[:8]
    return [str(n).encode() for n in struct.unpack(">II", file[16:24])]


def images_of_plugins():
    loaded = plugins("images")
    ((step, (width, height, png)),) = blobs(loaded, "gray")
    equal((step, width, height), (1, b"30", b"20"))
    equal(png_size(png), [b"30", b"20"])
    rows = blobs(loaded, "batch")
    equal([(step, len(row)) for step, row in rows], [(0, 5), (1, 5), (2, 5)])
    for _, (width, height, *files) in rows:
        for file in files:
            equal(png_size(file), [width, height])
    ((_, (width, height, gif)),) = blobs(loaded, "file")
    equal((width, height, gif[:6]), (b"1", b"1", b"GIF89a"))
    equal(loaded.SummaryMetadata("gray").plugin_data.plugin_name, "images")
    equal(loaded.SummaryMetadata("gray").data_class, 3)
    equal(loaded.SummaryMetadata("gray").summary_description, "an *image*")


def wave_of(file):
    with wave.open(io.BytesIO(file)) as sound:
        return sound.getframerate(), sound.getnchannels(), sound.getnframes()


def audio_of_plugins():
    loaded = plugins("audio")
    ((step, (file,)),) = blobs(loaded, "stereo")
    equal((step, wave_of(file)), (1, (8000, 2, 4000)))
    ((_, clips),) = blobs(loaded, "clips")
    equal([wave_of(file) for file in clips], [(16000, 1, 2000)] * 3)
    equal(loaded.SummaryMetadata("clips").plugin_data.content, b"\x10\x0b")


def meshes_of_plugins():
    loaded = plugins("meshes")
    for part, expected in checks.TETRAHEDRON.items():
        tag = f"solid/tetrahedron_{part}"
        found = [(step, value.tolist()) for step, value in tensors(loaded, tag)]
        equal(found, [(step, [expected]) for step in range(3)])
        metadata = loaded.SummaryMetadata(tag)
        equal(metadata.summary_description, "a *mesh*")
        content = mesh_metadata.parse_plugin_metadata(metadata.plugin_data.content)
        equal((content.name, content.components), ("solid/tetrahedron", 14))
        equal(list(content.shape), [1, 4, 3])
    shapes = [(step, value.shape) for step, value in tensors(loaded, "growing_VERTEX")]
    equal(shapes, [(0, (1, 0, 3)), (1, (1, 4, 3))])


def graphs_of_both():
    for load in (plugins, legacy):
        nodes = {node.name: node for node in load("graph").Graph().node}
        equal(list(nodes), ["x", "dense/kernel", "dense/out", "step"])
        out = nodes["dense/out"]
        equal((out.op, list(out.input)), ("MatMul", ["x", "dense/kernel", "^step"]))
        attributes = {name: value.ListFields()[0][1] for name, value in out.attr.items()}
        note = 'a "note" \ufffd'.encode()
        equal(attributes, {"fused": True, "note": note, "rate": 0.5, "units": 10})
        (shape,) = nodes["x"].attr["_output_shapes"].list.shape
        equal([dim.size for dim in shape.dim], [-1, 784])
        equal(nodes["x"].attr["dtype"].type, 1)
        equal(nodes["x"].device, "/device:CPU:0")


def records_of_both():
    new, old = plugins("records"), legacy("records")
    equal(sorted(new.Tags()["tensors"]), sorted(checks.RECORD))
    for tag, expected in checks.RECORD.items():
        equal_series(numbers(new, tag), expected, tag)
        equal_series(legacy_numbers(old, tag), expected, tag)
    equal(new.SummaryMetadata("learning rate").summary_description, "of the *optimizer*")


def files_of_one_run():
    """Also where one ends in the middle of an event, or two are written at the same time."""
    for run, tags in (
        ("restarted", ["loss"]),
        ("together", ["first", "second"]),
        ("resumed", ["simple"]),
    ):
        new, old = plugins(run), legacy(run)
        for tag in tags:
            equal_series(numbers(new, tag), checks.COUNTED, tag)
            equal_series(legacy_numbers(old, tag), checks.COUNTED, tag)


def writer_and_version():
    loaded = plugins("scalars")
    equal(loaded.GetSourceWriter(), "trainlog")
    equal(loaded.file_version, 2.0)


def no_reader_complains():
    """Neither accumulator logs a warning about any run."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    logging.getLogger("tensorboard").addHandler(handler)
    with contextlib.redirect_stderr(said):
        for file in RUNS.rglob("*tfevents*"):
            for load in (plugins, legacy):
                load(file.parent.relative_to(RUNS))
    equal(said.getvalue(), "")


if __name__ == "__main__":
    checks.run(
        [
            writer_and_version,
            scalars_of_plugins,
            scalars_of_scripts,
            texts_of_plugins,
            tensors_of_plugins,
            histograms_of_plugins,
            histograms_of_scripts,
            pr_curves_of_plugins,
            images_of_plugins,
            audio_of_plugins,
            meshes_of_plugins,
            graphs_of_both,
            records_of_both,
            files_of_one_run,
            no_reader_complains,
        ]
    )
