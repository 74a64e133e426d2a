"""Rule 1: which folder may include what, and that no two folders include each other."""

import re

# The levels of the core, lowest first: a folder includes what stands on a lower level, and its own files.
LEVELS = [
    ["token"],
    ["redis"],
    ["store", "http", "observe", "config", "feed"],
    ["api", "load"],
    ["server"],
    ["cluster"],
]
LEVEL = {folder: number for number, level in enumerate(LEVELS) for folder in level}

# http and redis know neither each other nor what a token is: they take time, randomness and how a secret is held.
BLIND = {
    "http": {"token/clock.h", "token/random.h", "token/secret.h"},
    "redis": {"token/callback.h", "token/clock.h", "token/random.h", "token/secret.h"},
}
# What ui/ takes from below core/cluster: the type of a secret.
UI_TAKES = {"token/secret.h"}

UI_FOLDERS = {"shell", "pages", "models", "delegates", "charts", "dialogs", "widgets", "platform"}


def may_include(source, target: str) -> bool:
    """Whether a file of ours may include this file of ours, by the folders' levels alone."""
    top, folder = source.path.split("/")[:2]
    goal = target.split("/")[0]
    if top == "app":
        return True
    if top == "ui":
        return goal in UI_FOLDERS or goal == "cluster" or target in UI_TAKES
    if goal in UI_FOLDERS:
        return False
    if goal == folder:
        return True
    return LEVEL[goal] < LEVEL[folder] and target in BLIND.get(folder, {target})


def ours(target: str) -> bool:
    return "/" in target and target.split("/")[0] in LEVEL.keys() | UI_FOLDERS


def check_includes(tree):
    for source in tree.code("core", "ui", "app"):
        parts = source.path.split("/")
        if parts[0] == "core" and parts[1] not in LEVEL:
            yield f"{source.path}: core/{parts[1]} has no place among the levels of tests/architecture/arrows.py"
            continue
        for line, target in source.includes():
            if target.startswith("../") or "/../" in target:
                yield f"{source.path}:{line}: includes {target}; ours are included as folder/file.h"
            elif ours(target) and not may_include(source, target):
                yield f"{source.path}:{line}: includes {target} against the arrows"


def check_links(tree):
    """The CMake targets' arrows, by the same levels."""
    for folder in tree.folders("core"):
        cmake = tree.cmake(folder)
        own = folder.split("/")[1]
        for line, match in cmake.matches(r"\bvx11_(\w+)\b") if cmake and own in LEVEL else ():
            goal = match[1]
            if goal in LEVEL and goal != own and LEVEL[goal] >= LEVEL[own]:
                yield f"{cmake.path}:{line}: links vx11_{goal} against the arrows"
            if goal.startswith("ui_"):
                yield f"{cmake.path}:{line}: links vx11_{goal} against the arrows"


def check_no_circles(tree):
    """Folders of ui/ have no levels of their own, but they must have an order."""
    arrows = {}
    for source in tree.code("ui"):
        for _, target in source.includes():
            goal = target.split("/")[0]
            if goal in UI_FOLDERS and goal != source.path.split("/")[1]:
                arrows.setdefault(source.path.split("/")[1], set()).add(goal)
    circle = find_circle(arrows)
    if circle:
        yield "ui/: folders include each other in a circle: " + " -> ".join(circle)


def find_circle(arrows):
    done = set()

    def walk(folder, way):
        if folder in way:
            return way[way.index(folder) :] + [folder]
        if folder in done:
            return None
        for goal in sorted(arrows.get(folder, ())):
            circle = walk(goal, way + [folder])
            if circle:
                return circle
        done.add(folder)
        return None

    return next(filter(None, (walk(folder, []) for folder in sorted(arrows))), None)


def check_libraries(tree):
    """Rule 2, and where Asio may be: no Qt in the core but for cluster, no Boost in ui, Asio where sockets are."""
    for source in tree.code("core", "ui", "app"):
        area = "/".join(source.path.split("/")[:2])
        for line, target in source.includes():
            if re.match(r"Q[A-Z]|Qt\w*/", target) and area.startswith("core/") and area != "core/cluster":
                yield f"{source.path}:{line}: includes {target}; core/ has no Qt but in core/cluster"
            if re.match(r"boost/(asio|beast)\b", target) and area not in {
                "core/http",
                "core/redis",
                "core/server",
                "core/load",
            }:
                yield f"{source.path}:{line}: includes {target}; Asio is for core/http, redis, server and load"
            if target.startswith("boost/") and (area.startswith("ui/") or area == "core/cluster"):
                if target != "boost/system/result.hpp":
                    yield f"{source.path}:{line}: includes {target}; this side has Qt's classes"


RULES = [check_includes, check_links, check_no_circles, check_libraries]
