"""What schemathesis can't make up: who is signed in, and numbers of contacts and people that there are. And a line of each reply."""

import itertools
import json
import os

import schemathesis
from schemathesis.core.parameters import ParameterLocation

with open(os.environ["SIDELIGHT_WORLD"], encoding="utf-8") as file:
    WORLD = json.load(file)

# The same for the same seed: each by turns, and one time in five as it was made up.
TURN = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    turn = next(TURN)
    # Signing out would end what the others go by.
    if not WORLD["who"] or case.path == "/api/staff/sign-out":
        return
    who = WORLD["who"][turn % len(WORLD["who"])]
    case.cookies = {"sidelight": who["cookie"]}
    # A number that is wrong on purpose stays so.
    if case.meta is not None and case.meta.is_negative_at(ParameterLocation.PATH):
        return
    if turn % 5 == 0 or not case.path_parameters or "id" not in case.path_parameters:
        return
    numbers = who.get(case.path.split("/")[2])
    if numbers:
        case.path_parameters["id"] = numbers[turn // len(WORLD["who"]) % len(numbers)]


@schemathesis.hook
def after_call(context, case, response):
    with open(os.environ["SIDELIGHT_REPLIES"], "a", encoding="utf-8") as file:
        print(case.method, case.path, response.status_code, file=file)
