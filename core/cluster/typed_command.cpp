#include "cluster/typed_command.h"

#include <QCoreApplication>
#include <QProcess>
#include <algorithm>

namespace vx11::cluster::typed {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(TypedCommand)
};

constexpr qsizetype shownLetters = 24;
constexpr qsizetype quotesOfOne = 3;  ///< """ is a quote itself

/// Where the quote stands that nothing closes; -1: nowhere.
qsizetype openQuote(const QString& line) {
  qsizetype open = -1;
  for (qsizetype at = 0; at < line.size(); ++at) {
    const qsizetype from = at;
    while (at < line.size() && line[at] == u'"') ++at;
    if ((at - from) % quotesOfOne == 1) open = open < 0 ? at - 1 : -1;
  }
  return open;
}

bool needsQuotes(const QString& argument) {
  return argument.isEmpty() || std::any_of(argument.begin(), argument.end(), [](QChar c) { return c.isSpace(); });
}

}  // namespace

QString lineOf(const QStringList& arguments) {
  QStringList words;
  for (QString argument : arguments) {
    const bool quoted = needsQuotes(argument);
    argument.replace(u'"', QStringLiteral("\"\"\""));
    words << (quoted ? u'"' + argument + u'"' : argument);
  }
  return words.join(u' ');
}

QStringList argumentsOf(const QString& line) { return QProcess::splitCommand(line); }

QString problemOf(const QString& line) {
  const qsizetype open = openQuote(line);
  if (open < 0) return {};
  QString shown = line.mid(open, shownLetters).trimmed();
  if (line.size() > open + shownLetters) shown += QChar(u'…');
  return Words::tr("Nothing closes the quote at “%1”: quotes come in pairs.").arg(shown);
}

QString warningOf(const QString& line) {
  const QStringList words = argumentsOf(line);
  const auto found =
      std::find_if(words.begin(), words.end(), [](const QString& word) { return word.startsWith(u'\''); });
  if (found == words.end()) return {};
  return Words::tr("“%1” begins with a quote of a shell, and none is run: only \" holds words together.").arg(*found);
}

}  // namespace vx11::cluster::typed
