#!/usr/bin/env python3
"""Each rule must be able to fail: small trees with one fault each, and one without any."""

import unittest

import check
from tree import Source, Tree

SOUND = {
    "core/token/CMakeLists.txt": "vx11_library(vx11_token\n  SOURCES clock.cpp)\n",
    "core/token/clock.h": "#pragma once\nnamespace vx11 {\nstatic constexpr int ticks = 3;\n}\n",
    "core/token/clock.cpp": '#include "token/clock.h"\n// processEvents() and static int x = 1; are words here\n',
    "core/http/CMakeLists.txt": "vx11_library(vx11_http\n  SOURCES router.cpp\n  DEPS vx11_token)\n",
    "core/http/router.cpp": '#include <boost/asio/ip/tcp.hpp>\n#include "token/clock.h"\nstatic int one() { return 1; }\n',
    "core/server/CMakeLists.txt": "vx11_library(vx11_server SOURCES instance.cpp DEPS vx11_http)\n",
    "core/server/instance.cpp": '#include "http/router.h"\n#include "token/clock.h"\n',
    "core/cluster/CMakeLists.txt": "vx11_library(vx11_cluster QT SOURCES client.cpp DEPS vx11_server)\n",
    "core/cluster/client.cpp": '#include <QObject>\n#include "server/instance.h"\n',
    "ui/pages/CMakeLists.txt": "vx11_library(vx11_ui_pages SOURCES page.cpp)\n",
    "ui/pages/page.cpp": '#include <QWidget>\n#include "cluster/client.h"\n#include "widgets/bar.h"\n#include "token/secret.h"',
    "ui/widgets/bar.h": "#pragma once\n",
    "app/tokend/CMakeLists.txt": "vx11_program(vx11-tokend SOURCES main.cpp)\n",
    "app/tokend/main.cpp": '#include "server/instance.h"\nint main() { return 0; }\n',
    **{
        f"tests/{folder}/{name}.cpp": "int main() {}\n"
        for folder, name in [
            ("core/token", "clock_test"), ("core/http", "router_test"), ("core/server", "instance_test"),
            ("core/cluster", "client_test"), ("ui/pages", "page_test"),
        ]
    },
}  # fmt: skip

# What is put in place of a sound file, or beside the sound ones, and a word of the complaint.
FAULTS = {
    "lower includes higher": ("core/token/clock.cpp", '#include "http/router.h"\n', "against the arrows"),
    "neighbours": ("core/http/router.cpp", '#include "store/token_store.h"\n', "against the arrows"),
    "http knows tokens": ("core/http/router.cpp", '#include "token/token_id.h"\n', "against the arrows"),
    "core includes ui": ("core/cluster/client.cpp", '#include "widgets/bar.h"\n', "against the arrows"),
    "ui goes round cluster": ("ui/pages/page.cpp", '#include "server/instance.h"\n', "against the arrows"),
    "relative include": ("ui/pages/page.cpp", '#include "../widgets/bar.h"\n', "folder/file.h"),
    "unknown folder": ("core/extra/a.h", "#pragma once\n", "no place among the levels"),
    "link against the arrows": (
        "core/http/CMakeLists.txt",
        "vx11_library(vx11_http SOURCES router.cpp DEPS vx11_server)\n",
        "links vx11_server",
    ),
    "circle": ("ui/widgets/bar.h", '#pragma once\n#include "pages/page.h"\n', "circle"),
    "Qt in the core": ("core/server/instance.cpp", "#include <QString>\n", "no Qt"),
    "Qt by its module": ("core/server/instance.cpp", "#include <QtCore/QString>\n", "no Qt"),
    "Asio elsewhere": ("core/token/clock.cpp", "#include <boost/asio.hpp>\n", "Asio is for"),
    "Boost in the window": ("ui/pages/page.cpp", "#include <boost/json.hpp>\n", "Qt's classes"),
    "static variable": ("core/token/clock.cpp", "static int count = 0;\n", "static state 'count'"),
    "static in a function": (
        "ui/pages/page.cpp",
        "int f() {\n  static std::map<int, int> seen;\n}\n",
        "static state 'seen'",
    ),
    "static atomic": ("core/token/clock.cpp", "static std::atomic<int> n{0};\n", "static state 'n'"),
    "static pointer": ("core/token/clock.cpp", "static Clock* current = nullptr;\n", "static state 'current'"),
    "thread's state": ("core/token/clock.cpp", "thread_local Clock mine;\n", "static state 'mine'"),
    "singleton": ("core/token/clock.h", "#pragma once\nclass C {\n  static C& instance();\n};\n", "singleton"),
    "nested loop": ("ui/pages/page.cpp", "void f(QDialog& d) { d.exec(); }\n", "waits"),
    "events by hand": ("core/cluster/client.cpp", "void f() { qApp->processEvents(); }\n", "waits"),
    "colour by number": ("ui/pages/page.cpp", 'auto c = QColor(u"x"); auto d = "#ff0000";\n', "the colour"),
    "colour by name": ("ui/pages/page.cpp", "auto c = Qt::darkRed;\n", "the colour"),
    "open end": ("core/token/clock.cpp", "// " + "TO" + "DO later\n", "open end"),
    "unguarded header": ("core/token/clock.h", "int f();\n", "no #pragma once"),
    "two targets": (
        "core/token/CMakeLists.txt",
        "vx11_library(vx11_token SOURCES clock.cpp)\nadd_library(other x.cpp)\n",
        "2 targets",
    ),
    "two programs": (
        "app/tokend/CMakeLists.txt",
        "vx11_program(vx11-tokend SOURCES main.cpp)\nvx11_program(b SOURCES main.cpp)\n",
        "2 targets",
    ),
    "misnamed target": (
        "core/token/CMakeLists.txt",
        "vx11_library(vx11_tokens SOURCES clock.cpp)\n",
        "should be called",
    ),
    "forgotten source": ("core/token/random.cpp", "int f();\n", "isn't built"),
    "glob": (
        "core/token/CMakeLists.txt",
        "file(GLOB all *.cpp)\nvx11_library(vx11_token SOURCES clock.cpp)\n",
        "by name",
    ),
    "untested folder": ("core/store/a.cpp", "int f();\n", "no test"),
    "no CMakeLists": ("ui/dialogs/a.cpp", "int f();\n", "without a CMakeLists.txt"),
    "huge file": ("core/token/clock.cpp", "int f();\n" * 501, "501 lines"),
    "huge script": ("packaging/run.sh", "true\n" * 501, "501 lines"),
    "large window": ("ui/shell/main_window.cpp", "int f();\n" * 300, "the window stays"),
}


def tree(files):
    return Tree(Source(path, text) for path, text in files.items())


def complaints(files):
    return check.broken(tree(files))


class Rules(unittest.TestCase):
    def test_a_sound_tree_has_no_complaint(self):
        self.assertEqual(complaints(SOUND), [])

    def test_each_fault_is_named_with_its_file(self):
        for name, (path, text, words) in FAULTS.items():
            with self.subTest(name):
                found = complaints({**SOUND, path: text})
                self.assertTrue(any(words in line for line in found), f"{name}: got {found}")
                where = path.rpartition("/")[0].split("/")[0]
                self.assertTrue(any(line.startswith(where) for line in found if words in line), f"{name}: got {found}")

    def test_every_rule_has_a_fault(self):
        failing = {
            rule.__name__
            for path, text, _ in FAULTS.values()
            for rule in check.RULES
            if list(rule(tree({**SOUND, path: text})))
        }
        self.assertEqual(failing, {rule.__name__ for rule in check.RULES})

    def test_too_many_long_files(self):
        long = {f"tests/bench/b{number}.cpp": "int f();\n" * 150 for number in range(40)}
        self.assertTrue(any("100 lines or more" in line for line in complaints({**SOUND, **long})))
        longer = {f"tests/bench/b{number}.cpp": "int f();\n" * 350 for number in range(4)}
        self.assertTrue(any("300 lines or more" in line for line in complaints({**SOUND, **longer})))

    def test_a_program_with_qt_is_seen(self):
        section = " 0x01 (NEEDED)   Shared library: [libQt6Core.so.6]\n 0x01 (NEEDED)   Shared library: [libc.so.6]\n"
        self.assertEqual(check.qt_among(section), ["libQt6Core.so.6"])
        self.assertEqual(check.qt_among(check.dynamic_section("/usr/bin/env")), [])


if __name__ == "__main__":
    unittest.main()
