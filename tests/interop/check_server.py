#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks a running TensorBoard for what its dashboards show, once with each of its two loaders, and
compares the answers with what was written. Usage: check_server.py RUNS"""

import contextlib
import json
import pathlib
import struct
import sys

import checks
from checks import equal, equal_series
from tensorboard_server import Server

RUNS = pathlib.Path(sys.argv[1])
STATUSES = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]
servers = []  # of RUNS/all, by both loaders
experiments = []  # of RUNS/experiment


def scalars(server, run, tag):
    rows = server.plugin("scalars/scalars", run=run, tag=tag)
    return [(step, float(value)) for _, step, value in rows]


def scalars_are_shown():
    for server in servers:
        for tag, expected in (
            ("simple", checks.SIMPLE),
            ("as tensor", checks.AS_TENSOR),
            ("not finite", checks.NOT_FINITE),
            (checks.BAD_NAME, [(0, 1.0)]),
        ):
            equal_series(scalars(server, "scalars", tag), expected, tag)
        described = server.plugin("scalars/tags")["scalars"]["described"]
        equal(described["displayName"], "shown")
        assert "<em>it</em>" in described["description"], described


def records_are_shown():
    for server in servers:
        equal(sorted(server.plugin("scalars/tags")["records"]), sorted(checks.RECORD))
        for tag, expected in checks.RECORD.items():
            equal_series(scalars(server, "records", tag), expected, tag)


def files_of_one_run_are_shown():
    """Also where one ends in the middle of an event, or two are written at the same time."""
    for server in servers:
        equal_series(scalars(server, "restarted", "loss"), checks.COUNTED, "restarted")
        for tag in ("first", "second"):
            equal_series(scalars(server, "together", tag), checks.COUNTED, tag)
        for tag in ("simple", "tensor"):
            equal_series(scalars(server, "resumed", tag), checks.COUNTED, tag)
        equal(sorted(server.plugin("scalars/tags")["resumed"]), ["simple", "tensor"])


def texts_are_shown():
    for server in servers:
        (plain,) = server.plugin("text/text", run="texts", tag="plain")
        equal(plain["step"], 0)
        assert "<strong>bold</strong>" in plain["text"], plain
        (table,) = server.plugin("text/text", run="texts", tag="table")
        assert table["text"].count("<td>") == 4, table
        (column,) = server.plugin("text/text", run="texts", tag="list")
        assert "bad \ufffd" in column["text"], column


def histograms_are_shown():
    for server in servers:
        tags = server.plugin("histograms/tags")["histograms"]
        equal(sorted(tags), sorted([*checks.HISTOGRAMS, "built", "raw"]))
        assert "<em>histogram</em>" in tags["weights"]["description"], tags
        for tag, steps in checks.HISTOGRAMS.items():
            shown = server.plugin("histograms/histograms", run="histograms", tag=tag)
            equal([step for _, step, _ in shown], list(steps), tag)
            for _, step, rows in shown:
                equal(sum(row[2] for row in rows), len(steps[step][0]) if rows else 0, tag)
        ((_, _, rows),) = server.plugin("histograms/histograms", run="histograms", tag="on edges")
        equal(rows, [[0, 1, 1], [1, 2, 1], [2, 3, 1], [3, 4, 3]])
        ((_, _, rows),) = server.plugin("histograms/histograms", run="histograms", tag="raw")
        equal(rows, checks.RAW_HISTOGRAM)
        ((_, _, rows),) = server.plugin("histograms/histograms", run="histograms", tag="built")
        equal((len(rows), sum(row[2] for row in rows)), (30, 3000))
        counted = scalars(server, "histograms", "not finite/non_finite")
        equal_series(counted, [(1, 2.0)], "not finite")
        curves = server.plugin("distributions/distributions", run="histograms", tag="weights")
        equal(len(curves), 3)


def pr_curves_are_shown():
    for server in servers:
        tags = server.plugin("pr_curves/tags")["curves"]
        equal(sorted(tags), sorted([*checks.PR_CURVES, "empty", "not a number", "raw"]))
        assert "<em>curve</em>" in tags["curve"]["description"], tags
        shown = {tag: server.plugin("pr_curves/pr_curves", run="curves", tag=tag) for tag in tags}
        equal([curve["step"] for curve in shown["curve"]["curves"]], [0, 1])
        for tag, (thresholds, weights) in checks.PR_CURVES.items():
            curve = shown[tag]["curves"][0]
            equal((len(curve["thresholds"]), curve["thresholds"][-1]), (thresholds, 1.0), tag)
            positives = sum((weights or [1] * 2000)[0::3])
            equal((curve["true_positives"][0], curve["recall"][0]), (int(positives), 1.0), tag)
        (raw,) = shown["raw"]["curves"]
        equal((raw["true_positives"], raw["precision"]), ([4, 2], [0.5, 0.0]))
        equal(shown["empty"]["curves"][0]["true_positives"], [0])
    for tag in tags:
        query = {"run": "curves", "tag": tag}
        equal(*(server.plugin("pr_curves/pr_curves", **query) for server in servers), tag)


def images_are_shown():
    for server in servers:
        tags = server.plugin("images/tags")["images"]
        equal({tag: info["samples"] for tag, info in tags.items()}, checks.IMAGES)
        assert "<em>image</em>" in tags["gray"]["description"], tags
        (gray,) = server.plugin("images/images", run="images", tag="gray", sample=0)
        equal(gray["step"], 1)
        batch = server.plugin("images/images", run="images", tag="batch", sample=2)
        equal([image["step"] for image in batch], [0, 1, 2])
        png = server.request("plugin/images/individualImage?" + gray["query"])
        equal(png[:4] + png[16:24], b"\x89PNG\0\0\0\x1e\0\0\0\x14")


def audio_is_shown():
    for server in servers:
        tags = server.plugin("audio/tags")["audio"]
        equal({tag: info["samples"] for tag, info in tags.items()}, {"stereo": 1, "clips": 3})
        (stereo,) = server.plugin("audio/audio", run="audio", tag="stereo", sample=0)
        equal((stereo["step"], stereo["contentType"]), (1, "audio/wav"))
        sound = server.request("plugin/audio/individualAudio?" + stereo["query"])
        equal((sound[:4], len(sound)), (b"RIFF", 44 + 2 * 2 * 4000))


def mesh_numbers(server, tag, part, step, sample=0):
    query = {"run": "meshes", "tag": tag, "content_type": part, "step": step, "sample": sample}
    numbers = server.request("plugin/mesh/data", **query)
    form = {"VERTEX": "<3f", "FACE": "<3i", "COLOR": "<3B"}[part]
    return [list(triple) for triple in struct.iter_unpack(form, numbers)]


def meshes_are_shown():
    for server in servers:
        tags = server.plugin("mesh/tags")["meshes"]
        samples = {tag: info["samples"] for tag, info in tags.items()}
        equal(samples, {"solid/tetrahedron": 1, "points": 2, "growing": 1})
        shown = server.plugin("mesh/meshes", run="meshes", tag="solid/tetrahedron", sample=0)
        found = sorted((each["step"], each["content_type"]) for each in shown)
        equal(found, [(step, content) for step in range(3) for content in (1, 2, 3)])
        equal({each["components"] for each in shown}, {14})
        equal(json.loads(shown[0]["config"])["camera"]["fov"], 60)
        for part, expected in checks.TETRAHEDRON.items():
            equal(mesh_numbers(server, "solid/tetrahedron", part, 2), expected)
        corners = checks.TETRAHEDRON["VERTEX"]
        equal(mesh_numbers(server, "points", "VERTEX", 1, sample=1), corners[2:])
        equal(mesh_numbers(server, "growing", "VERTEX", 0), [])
        equal(mesh_numbers(server, "growing", "VERTEX", 1), corners)


def graphs_are_shown():
    for server in servers:
        info = server.plugin("graphs/info")["graph"]
        equal(info["run_graph"], True)
        kinds = ("conceptual_graph", "op_graph", "profile")
        tags = {tag: [of[kind] for kind in kinds] for tag, of in info["tags"].items()}
        equal(tags, {"measured": [False, False, True], "keras": [True, False, False]})
        ops = server.request("plugin/graphs/graph", run="graph").decode()
        for line in ('name: "dense/kernel"', 'input: "^step"', "size: 784", "type: DT_FLOAT"):
            assert line in ops, ops
        query = {"run": "graph", "tag": "keras", "conceptual": "true"}
        layers = server.request("plugin/graphs/graph", **query).decode()
        assert 'name: "net/second"' in layers and 'input: "net/first"' in layers, layers
        query = {"run": "graph", "tag": "measured"}
        times = server.request("plugin/graphs/run_metadata", **query).decode()
        assert 'node_name: "dense/out"' in times, times
        assert "all_end_rel_micros: 7" in times, times


def embeddings_are_shown():
    for server in servers:
        assert "embeddings" in server.plugin("projector/runs")
        shown = server.plugin("projector/info", run="embeddings")["embeddings"]
        names = ['hidden "layer":00001', "other:00001"]
        found = [(each["tensorName"], each["tensorShape"]) for each in shown]
        equal(found, [(names[0], [3, 2]), (names[1], [2, 3])])
        query = {"run": "embeddings", "name": names[0]}
        values = server.request("plugin/projector/tensor", **query)
        expected = [checks.float32(x) for x in (1, 0.1, -2.5, 1e-8, 3, 4)]
        equal(list(struct.unpack("<6f", values)), expected)
        labels = server.request("plugin/projector/metadata", **query)
        equal(labels.decode(), "a\nb c\n\u00e9\n")
        equal(server.request("plugin/projector/sprite_image", **query)[:4], b"\x89PNG")
        equal(shown[0]["sprite"]["singleImageDim"], [8, 8])
        query["name"] = names[1]
        labels = server.request("plugin/projector/metadata", **query)
        equal(labels.decode(), "name\tnumber\na\t1\nb\t2\n")


def sessions(server):
    body = {
        "allowedStatuses": STATUSES,
        "colParams": [{"metric": {"tag": "loss", "group": ""}}],
        "startIndex": 0,
        "sliceSize": 100,
    }
    answer = server.plugin("hparams/session_groups", body)
    return {group["sessions"][0]["name"]: group for group in answer["sessionGroups"]}


def all_hyperparameters_are_shown():
    for server in servers:
        experiment = server.plugin("hparams/experiment", {})
        infos = {info["name"]: info["type"] for info in experiment["hparamInfos"]}
        equal(infos["rate"], "DATA_TYPE_FLOAT64")
        equal(infos["dropout"], "DATA_TYPE_BOOL")
        equal({"optimizer", "only here"} <= set(infos), True)
        groups = sessions(server)
        equal(sorted(groups), ["sweep/0", "sweep/1", "sweep/2"])
        equal(groups["sweep/1"]["hparams"], {"rate": 0.2, "optimizer": "adam", "dropout": True})
        equal(groups["sweep/2"]["hparams"], {"rate": None, "only here": "x"})
        for i, status in enumerate(("STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_UNKNOWN")):
            (session,) = groups[f"sweep/{i}"]["sessions"]
            equal(session["status"], status)
            loss = [m for m in session["metricValues"] if m["name"]["tag"] == "loss"]
            equal((loss[0]["trainingStep"], loss[0]["value"]), (4, checks.float32(1 / (5 + i))))


def experiments_are_shown():
    for server in experiments:
        experiment = server.plugin("hparams/experiment", {})
        equal(experiment["description"], "an experiment")
        optimizer, rate = sorted(experiment["hparamInfos"], key=lambda info: info["name"])
        equal(rate["domainInterval"], {"minValue": 0.0, "maxValue": 1.0})
        equal(optimizer["domainDiscrete"], ["adam", "sgd"])
        equal(optimizer["displayName"], "Optimizer")
        equal([m["displayName"] for m in experiment["metricInfos"]], ["Loss"])
        equal(sessions(server)["run"]["hparams"], {"rate": 0.5, "optimizer": "sgd"})


def layouts_are_shown():
    for server in servers:
        (category,) = server.plugin("custom_scalars/layout")["category"]
        equal(category["title"], "Losses")
        equal(category["chart"], [{"title": "all", "multiline": {"tag": ["lo.*"]}}])
        shown = server.plugin("custom_scalars/scalars", run="sweep/0", tag="lo.*")
        equal(list(shown["tag_to_events"]), ["loss"])


def both_loaders_agree():
    """But for the names that Python's shows of tags that have none."""
    fast, slow = servers
    tags = fast.plugin("scalars/tags")
    equal(
        {run: sorted(of) for run, of in tags.items()},
        {run: sorted(of) for run, of in slow.plugin("scalars/tags").items()},
    )
    for run, of in tags.items():
        for tag in of:
            query = {"run": run, "tag": tag}
            equal(
                fast.plugin("scalars/scalars", **query),
                slow.plugin("scalars/scalars", **query),
                f"{run} {tag}",
            )


if __name__ == "__main__":
    with contextlib.ExitStack() as stack:
        for fast in (True, False):
            servers.append(stack.enter_context(Server(RUNS / "all", fast)))
            experiments.append(stack.enter_context(Server(RUNS / "experiment", fast)))
        checks.run(
            [
                scalars_are_shown,
                records_are_shown,
                files_of_one_run_are_shown,
                texts_are_shown,
                histograms_are_shown,
                pr_curves_are_shown,
                images_are_shown,
                audio_is_shown,
                meshes_are_shown,
                graphs_are_shown,
                embeddings_are_shown,
                all_hyperparameters_are_shown,
                experiments_are_shown,
                layouts_are_shown,
                both_loaders_agree,
            ]
        )
