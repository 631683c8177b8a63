# SPDX-License-Identifier: MIT
"""Event files as lines of text, by TensorBoard's own classes: what tests/summary/event_lines.hpp makes of
them."""

import struct
import zlib

import numpy as np
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.compat.proto import event_pb2
from tensorboard.util import tensor_util

PLUGINS = {"simple_value": "scalars", "histo": "histograms", "image": "images", "audio": "audio"}


def array_of(proto):
    """The elements of a TensorProto; TensorBoard's own function has none of these two types."""
    types = {22: (np.uint32, proto.uint32_val), 23: (np.uint64, proto.uint64_val)}
    if proto.dtype not in types:
        return tensor_util.make_ndarray(proto)
    dtype, stored = types[proto.dtype]
    elements = np.frombuffer(proto.tensor_content, dtype) if proto.tensor_content else stored
    return np.array(elements, dtype).reshape([dim.size for dim in proto.tensor_shape.dim])


def bits(value):
    return struct.pack(">d", float(value)).hex()


def content(data):
    return f" {len(data)}:{zlib.crc32(data)}"


def contents(strings):
    return "".join(map(content, strings))


def histogram(value):
    if value.WhichOneof("value") == "tensor":
        rows = array_of(value.tensor)
    else:
        histo = value.histo
        counts = list(histo.bucket)
        used = [i for i, count in enumerate(counts) if count > 0]
        first, last = (used[0], used[-1]) if used else (0, -1)
        edges = [histo.min, *histo.bucket_limit[first:last], histo.max]
        rows = zip(edges[:-1], edges[1:], counts[first : last + 1]) if used else []
    return "".join(" " + ",".join(map(bits, row)) for row in rows)


def images(value):
    if value.WhichOneof("value") == "image":
        image = value.image
        return f" {image.width}x{image.height}{content(image.encoded_image_string)}"
    width, height, *files = value.tensor.string_val
    return "".join(f" {width.decode()}x{height.decode()}{content(file)}" for file in files)


def sounds(value):
    if value.WhichOneof("value") == "audio":
        return content(value.audio.encoded_audio_string)
    array = array_of(value.tensor)
    return contents(array[:, 0] if array.ndim == 2 else array)


def tensor(value):
    if value.WhichOneof("value") != "tensor":
        return "tensor none"
    proto = value.tensor
    shape = "".join(f"{dim.size}," for dim in proto.tensor_shape.dim)
    array = array_of(proto)
    is_text = proto.dtype == 7
    elements = contents(array.flat) if is_text else "".join(" " + bits(x) for x in array.flat)
    return f"tensor {proto.dtype} [{shape}]{elements}"


def value_line(value, plugin):
    if plugin == "scalars":
        if value.WhichOneof("value") == "simple_value":
            return f"scalars {bits(value.simple_value)}"
        return f"scalars {bits(array_of(value.tensor).item())}"
    shown = {"histograms": histogram, "images": images, "audio": sounds}.get(plugin)
    if plugin == "text":
        return "text" + contents(array_of(value.tensor).flat)
    return plugin + shown(value) if shown else tensor(value)


def records_of(paths):
    for path in paths:
        yield from event_file_loader.RawEventFileLoader(str(path)).Load()


def lines_of(paths):
    """The lines of event files, each with its line end."""
    plugins, out = {}, []
    for record in records_of(paths):
        event = event_pb2.Event.FromString(record)
        head = f"{event.step} {bits(event.wall_time)} "
        kind = event.WhichOneof("what")
        if kind != "summary":
            data = getattr(event, kind) if kind else b""
            if kind == "tagged_run_metadata":
                data, kind = data.run_metadata, "run_metadata"
            data = data.encode() if isinstance(data, str) else data
            data = data if isinstance(data, bytes) else data.SerializeToString()
            out.append(f"{head}{kind or 'none'}{content(data)}\n")
            continue
        for value in event.summary.value:
            plugin = plugins.get(value.tag) or value.metadata.plugin_data.plugin_name
            plugins[value.tag] = plugin or PLUGINS.get(value.WhichOneof("value"), "")
            out.append(f"{head}{value.tag} {value_line(value, plugins[value.tag])}\n")
    return out
