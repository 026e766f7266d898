#!/usr/bin/env python3
"""Validates JSON reports: validate_json.py SCHEMA REPORT...  Exits with 1 and the first error's place."""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1], encoding="utf-8"))
validator = jsonschema.Draft202012Validator(schema)
failed = False
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        errors = list(validator.iter_errors(json.load(file)))
    for error in errors[:5]:
        place = "/".join(str(part) for part in error.absolute_path)
        print(f"{path}: {place}: {error.message[:300]}")
        failed = True
sys.exit(1 if failed else 0)
