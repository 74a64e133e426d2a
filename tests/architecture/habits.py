"""Rules 3 and 5 to 9: one target a folder, no hidden state, nothing that waits in the window, colours in one place."""

import re

STATIC_STATE = (
    r"^[ \t]*(?:inline\s+)?(?:static|thread_local)\s+(?:inline\s+|thread_local\s+|static\s+|constinit\s+)*"
    r"(?!const\b|constexpr\b|inline\b|_?assert)[\w:<>,&* \t]+?[\s&*](\w+)\s*(?:=(?!=)|\{|;)"
)
SINGLETON = r"\bstatic\s+[\w:]+\s*[&*]\s*(?:instance|self|shared|global)\s*\(|\bQ_GLOBAL_STATIC\b"
WAITS = (
    r"\bprocessEvents\s*\(|\bQEventLoop\b"
    r"|\bwaitFor(?:Connected|ReadyRead|BytesWritten|Finished|Started|Disconnected)\s*\("
    r"|\bsleep_for\s*\(|\bQThread::m?u?sleep\s*\(|(?:\.|->)exec\s*\("
)
COLOURS = (
    r'"#[0-9a-fA-F]{3,8}"|\bQColor\s*[({]\s*(?:0[xX])?[0-9]|\bqRgba?\s*\(|\bQt::(?:GlobalColor\b|(?:dark|light)?'
    r"(?:red|green|blue|cyan|magenta|yellow|gray|white|black|Red|Green|Blue|Cyan|Magenta|Yellow|Gray)\b)"
    r"|\bcolor:\s*(?:#|rgb)"
)
# State that is one thread's or the process' by nature, changes no result, and costs too much to pass to every call.
STATE_WITH_A_REASON = {
    ("core/observe/metrics.cpp", "next"): "deals the counters' stripes out to threads",
    ("core/token/random.cpp", "block"): "random bytes a thread has fetched from the kernel and not used yet",
    ("core/token/token_id.cpp", "digest"): "OpenSSL's hashing context, made once a thread",
}
# Assembled, so that this file doesn't trip over itself.
OPEN_ENDS = r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b"


def check_no_hidden_state(tree):
    for source in tree.code("core", "ui", "app"):
        for line, match in source.matches(STATIC_STATE):
            if (source.path, match[1]) not in STATE_WITH_A_REASON:
                yield f"{source.path}:{line}: static state '{match[1]}'; it belongs to an object"
        for line, match in source.matches(SINGLETON):
            yield f"{source.path}:{line}: a singleton, '{match[0].strip()}'"


def check_window_never_waits(tree):
    for source in tree.code("ui", "core/cluster"):
        for line, match in source.matches(WAITS):
            yield f"{source.path}:{line}: '{match[0]}' waits on the window's thread"


def check_colours(tree):
    for source in tree.code("ui", "app", "core"):
        if source.under("ui/platform") and source.name.startswith("theme"):
            continue
        for line, match in source.matches(COLOURS):
            yield f"{source.path}:{line}: the colour {match[0]}; colours come from ui/platform/theme by their role"


def check_no_open_ends(tree):
    for source in tree.sources:
        for number, text in enumerate(source.text.splitlines(), 1):
            if re.search(OPEN_ENDS, text):
                yield f"{source.path}:{number}: an open end: {text.strip()}"


def check_headers(tree):
    for source in tree.code("core", "ui", "app", "tests"):
        if source.path.endswith(".h") and "#pragma once" not in source.text:
            yield f"{source.path}: no #pragma once"


def check_targets(tree):
    """One target a folder, named after it, that names each of its sources and nothing by pattern.

    A program's folder may have a library too: what its main puts together, so that tests can link it.
    """
    for folder in tree.folders("core", "ui", "app"):
        cmake = tree.cmake(folder)
        if cmake is None:
            yield f"{folder}: sources without a CMakeLists.txt"
            continue
        text = re.sub(r"#.*", "", cmake.text)
        targets = re.findall(r"\b(?:vx11_library|add_library)\s*\(\s*([\w-]+)", text)
        programs = re.findall(r"\b(?:vx11_program|add_executable)\s*\(\s*([\w-]+)", text)
        both = targets and programs and not folder.startswith("app/")
        if len(targets) > 1 or len(programs) > 1 or both or not targets + programs:
            yield f"{cmake.path}: {len(targets + programs)} targets, where one folder is one target"
            continue
        parts = folder.split("/")
        name = {"core": "vx11_" + "_".join(parts[1:]), "ui": "vx11_" + "_".join(parts)}.get(parts[0])
        if name and targets[:1] != [name]:
            yield f"{cmake.path}: the target {(targets + programs)[0]} should be called {name}"
        for source in tree.code(folder):
            if source.folder == folder and source.name.endswith(".cpp"):
                if not re.search(rf"(?<![\w/]){re.escape(source.name)}(?!\w)", text):
                    yield f"{cmake.path}: {source.name} lies in the folder and isn't built"
    for source in tree.sources:
        if source.name == "CMakeLists.txt" or source.path.endswith(".cmake"):
            text = re.sub(r"#.*", "", source.text)
            for word in re.findall(r"\bfile\s*\(\s*GLOB\w*|\binclude_directories\s*\(|\blink_libraries\s*\(", text):
                if "target_" + word not in text:
                    yield f"{source.path}: {word.strip()}: sources by name, paths and libraries by target"


def check_tests_mirror(tree):
    for folder in tree.folders("core", "ui"):
        if not any(source.is_code for source in tree.sources if source.under("tests/" + folder)):
            yield f"{folder}: no test in tests/{folder}"


RULES = [
    check_no_hidden_state,
    check_window_never_waits,
    check_colours,
    check_no_open_ends,
    check_headers,
    check_targets,
    check_tests_mirror,
]
