#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Opens every dashboard of TensorBoard's page for the run of examples/digits, sees that it shows what was
logged, and takes a picture of it. Usage: check_page.py RUNS, where RUNS/digits is; the pictures go to
RUNS/digits.page"""

import contextlib
import dataclasses
import io
import pathlib
import re
import sys
import time

from PIL import Image

import checks
from browser import Browser
from tensorboard_server import Server

RUNS = pathlib.Path(sys.argv[1])
PICTURES = RUNS / "digits.page"
SHOWN_SECONDS = 60
BODY = (320, 120, 1400, 1000)  # of the page, without its bars
NOTHING = re.compile(r"\bNo [\w ]+ (was|were) found|No dashboards are active")
# Colors that are to be seen:
RUN = (255, 112, 67)  # of the only run, in charts and frames
RUN_IN_CARDS = (66, 80, 102)
CELL = (8, 48, 107)  # of the confusion matrix
TABLE = (38, 51, 69)
NODE = (238, 238, 238)  # of the graph
SPRITE = (0, 0, 0)


@dataclasses.dataclass
class Dashboard:
    """`shown`: texts that are to be seen; `color`: of which `pixels` are, too; `click`: on what, then."""

    path: str
    shown: list
    color: tuple = RUN
    pixels: int = 1500
    click: str = ""

    @property
    def name(self):
        return self.path.rpartition("#")[2].partition("&")[0]


LAST = "\n20\n"  # epoch
SCALARS = ["train/loss", "train/accuracy", "test/loss", "test/accuracy", LAST]
DASHBOARDS = [
    Dashboard(
        "?tagFilter=loss|accuracy|rate|norm&smoothing=0#timeseries",
        ["summaries", "learning_rate", "/loss", "6 cards", LAST],
        RUN_IN_CARDS,
        click=".settings-button",  # which makes room
    ),
    Dashboard("#scalars&tagFilter=loss|accuracy&_smoothingWeight=0", SCALARS),
    Dashboard("#custom_scalars", ["Train and test", "loss", "accuracy", LAST]),
    Dashboard("#images", ["confusion", "samples", "sample: 2 of 8", LAST], CELL),
    Dashboard("#distributions", ["hidden/weights", "output/gradients", LAST]),
    Dashboard("#histograms", ["hidden/weights", "output/gradients", LAST]),
    Dashboard("#text", ["results", "test accuracy", "multilayer perceptron"]),
    Dashboard("#graphs", ["hidden", "output", "pixels"], NODE, 2000),
    Dashboard("#hparams", ["batch_size", "learning_rate", "0.10000", "test/accuracy"], TABLE, 500),
    Dashboard("#pr_curves", ["eight", "step 20"], pixels=400),
    Dashboard("#projector", ["1 tensor found", "360", "64"], SPRITE, 700),
]


def seen(browser):
    return browser.text(), Image.open(io.BytesIO(browser.screenshot())).convert("RGB")


def drawn(picture, color):
    """How many pixels have that color, or nearly."""
    colors = picture.crop(BODY).getcolors(1 << 24)
    return sum(n for n, found in colors if max(abs(a - b) for a, b in zip(found, color)) <= 4)


def why_not_shown(dashboard, text, picture):
    """What is missing on the page; None if nothing is."""
    if found := NOTHING.search(text):
        return found[0]
    if unseen := [each for each in dashboard.shown if each.lower() not in text.lower()]:
        return f"{unseen} cannot be read"
    if (pixels := drawn(picture, dashboard.color)) < dashboard.pixels:
        return f"{pixels} pixels are {dashboard.color}, not {dashboard.pixels}"
    return None


def look_at(dashboard, browser, server):
    """Waits until all is shown, or the time is over."""
    browser.open(f"http://127.0.0.1:{server.port}/{dashboard.path}")
    end = time.monotonic() + SHOWN_SECONDS
    while True:
        text, picture = seen(browser)
        why = why_not_shown(dashboard, text, picture)
        if why is None or time.monotonic() > end:
            return why, text
        time.sleep(0.2)


def check_of(dashboard, browser, server):
    def check():
        why, text = look_at(dashboard, browser, server)
        if dashboard.click:
            browser.evaluate(f"document.querySelector('{dashboard.click}').click()")
        time.sleep(1)  # what moves is at its place
        seen(browser)[1].quantize(256).save(PICTURES / f"{dashboard.name}.png", optimize=True)
        assert why is None, f"{why}\n{text[:2000]}"

    check.__name__ = f"{dashboard.name}_on_the_page"
    return check


def check_of_nothing(browser, server):
    def nothing_on_the_page():
        """A dashboard without data would be noticed."""
        browser.open(f"http://127.0.0.1:{server.port}/#audio")
        end = time.monotonic() + SHOWN_SECONDS
        while not NOTHING.search(browser.text()):
            assert time.monotonic() < end, browser.text()
            time.sleep(0.2)

    return nothing_on_the_page


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(Server(RUNS / "digits", fast=True))
        browser = stack.enter_context(Browser())
        dashboards = [check_of(each, browser, server) for each in DASHBOARDS]
        checks.run([*dashboards, check_of_nothing(browser, server)])
