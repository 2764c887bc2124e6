#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures the error rates of a build on the final part of a laboratory and writes the table of them.

usage: rates.py LENSTRACE LABORATORY [--out TABLE.tsv]

LABORATORY is a folder of laboratory.py. The table goes into the build:
Sources/VideoDetection/Tables/measured-rates.tsv; then Scripts/make-detection-tables.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import captures

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "Sources",
                     "VideoDetection", "Tables", "measured-rates.tsv")
LABELS = "labels-final.tsv"
VERDICTS = ("not_assessed", "none", "possible", "likely", "certain")
# Name, jitter in ms, share lost, resolution of timestamps in ms.
CONDITIONS = (("as recorded", 0, 0, 0), ("with 2 ms jitter", 2, 0, 0), ("with 2 % loss", 0, 0.02, 0),
              ("with timestamps cut to 1 ms", 0, 0, 1))


def evaluate(lenstrace, folder):
    answer = subprocess.run(
        [lenstrace, "evaluate", os.path.join(folder, LABELS), folder, "--format", "json"],
        check=True, capture_output=True)
    result = json.loads(answer.stdout)
    if result["not_evaluated"]:
        sys.exit(f"{result['not_evaluated']} captures are missing from {folder}")
    return result


def worse(folder, out, jitter, loss, resolution):
    """Copies of the labelled captures, made worse."""
    with open(os.path.join(folder, LABELS), encoding="utf-8") as file:
        lines = file.readlines()
    with open(os.path.join(out, LABELS), "w", encoding="utf-8") as file:
        file.writelines(lines)
    for number, name in enumerate(line.split("\t")[0] for line in lines[1:]):
        captures.degrade(os.path.join(folder, name), os.path.join(out, name), jitter, loss,
                         resolution, number)


def rows(condition, result):
    for kind in result["kinds"]:
        families = len(result["families_" + kind["class"]])
        counts = "\t".join(str(kind[verdict]) for verdict in VERDICTS)
        yield f"{condition}\t{kind['class']}\t{families}\t{counts}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lenstrace")
    parser.add_argument("laboratory")
    parser.add_argument("--out", default=TABLE)
    options = parser.parse_args()
    lines = []
    for condition, jitter, loss, resolution in CONDITIONS:
        with tempfile.TemporaryDirectory() as copy:
            folder = options.laboratory
            if jitter or loss or resolution:
                worse(folder, copy, jitter, loss, resolution)
                folder = copy
            result = evaluate(options.lenstrace, folder)
        lines += rows(condition, result)
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("condition\tkind\tfamilies\t" + "\t".join(VERDICTS) + "\n")
        file.write("# Written by Samples/Laboratory/rates.py; do not edit.\n")
        file.write(f"# measured with thresholds {result['video_thresholds']}\n")
        file.writelines(lines)
    print("".join(lines), end="")


if __name__ == "__main__":
    main()
