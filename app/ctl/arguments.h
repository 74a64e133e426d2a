// The command line as a value, and what is wrong with it in one sentence. Pure: knows no command but by its shape.
#pragma once

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

namespace vx11::ctl {

struct OptionSpec {
  QString name;  ///< with its dashes: "--count"
  /// What stands for its value in the help: "N"; empty: a switch; "[ID]": the next word, where that is no option.
  QString value;
  QString help;
  bool repeatable = false;
};

/// How a command is written; `words` are those after it, "TOKEN" or "EVENT DATA", for the help.
struct CommandShape {
  QString name, words, summary;
  int fewestWords = 0, mostWords = 0;
  QList<OptionSpec> options;
};

/// The options and words of one command line.
class Arguments {
 public:
  [[nodiscard]] bool has(const QString& option) const { return values_.contains(option); }
  [[nodiscard]] QString value(const QString& option) const { return values_.value(option).value(0); }
  [[nodiscard]] QStringList values(const QString& option) const { return values_.value(option); }
  [[nodiscard]] const QStringList& words() const { return words_; }
  /// Empty without the option. A value that is none, or outside [low, high], is said in `error`, unless that says
  /// something already.
  [[nodiscard]] std::optional<int> number(const QString& option, int low, int high, QString& error) const;

 private:
  friend struct CommandLineReader;
  QHash<QString, QStringList> values_;
  QStringList words_;
};

struct CommandLine {
  QString command;    ///< empty: none was given
  Arguments arguments;
  QString error;      ///< not empty: wrong use, in one sentence
};

/// `words` without the program's name. `common` options may stand anywhere, a command's own behind it; "--name value"
/// and "--name=value" mean the same, and "--" ends the options.
[[nodiscard]] CommandLine readCommandLine(const QStringList& words, const QList<OptionSpec>& common,
                                          const QList<CommandShape>& commands);

}  // namespace vx11::ctl
