// Qt starts programs by clone(), which clang 14's thread sanitizer can't follow: it ends the test in its own runtime
// (a failed CHECK on its slots). Such tests run in every other preset; here they say why they don't.
#pragma once

#include <QTest>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define VX11_NEEDS_PROCESSES() QSKIP("clang 14's thread sanitizer can't follow QProcess; run the asan or release preset")
#endif
#endif
#ifndef VX11_NEEDS_PROCESSES
#define VX11_NEEDS_PROCESSES() static_cast<void>(0)
#endif
