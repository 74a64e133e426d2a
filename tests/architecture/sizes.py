"""Rule 9: files stay small."""

LONGEST = 500
HALF_UNDER = 100
NINE_IN_TEN_UNDER = 300
WINDOW_UNDER = 300


def check_sizes(tree):
    sources = [source for source in tree.sources if source.name != "CMakeLists.txt"]
    for source in sources:
        if source.lines > LONGEST:
            yield f"{source.path}: {source.lines} lines, {LONGEST} is the most"
        if source.under("ui/shell") and source.name.startswith("main_window.") and source.lines >= WINDOW_UNDER:
            yield f"{source.path}: {source.lines} lines, the window stays under {WINDOW_UNDER}"
    yield from share(sources, HALF_UNDER, 0.5)
    yield from share(sources, NINE_IN_TEN_UNDER, 0.9)


def share(sources, limit, least):
    long = sorted((source for source in sources if source.lines >= limit), key=lambda source: -source.lines)
    if len(sources) - len(long) < least * len(sources):
        worst = ", ".join(f"{source.path} ({source.lines})" for source in long[:5])
        yield f"{len(long)} of {len(sources)} files have {limit} lines or more; the longest: {worst}"


RULES = [check_sizes]
