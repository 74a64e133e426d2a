// A command as one types it into a field, and the arguments it means: run without a shell, so that only a space parts
// words and only a pair of double quotes holds them together. Pure functions.
#pragma once

#include <QString>
#include <QStringList>

namespace vx11::cluster::typed {

/// A line that `argumentsOf` reads as these; words with a space stand in double quotes. An argument of nothing can't be
/// typed: it is lost.
[[nodiscard]] QString lineOf(const QStringList& arguments);
/// As QProcess::splitCommand.
[[nodiscard]] QStringList argumentsOf(const QString& line);
/// Empty: every quote is closed. Else a sentence that shows the one that isn't.
[[nodiscard]] QString problemOf(const QString& line);
/// Empty, or what of it is understood otherwise than in a shell: single quotes.
[[nodiscard]] QString warningOf(const QString& line);

}  // namespace vx11::cluster::typed
