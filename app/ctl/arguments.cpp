#include "ctl/arguments.h"

#include <algorithm>
#include <string>
#include <vector>

#include "config/near_name.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

/// "; did you mean --json?", or nothing.
QString hint(const QString& word, const QStringList& known) {
  std::vector<std::string> names;
  for (const QString& name : known) names.push_back(name.toStdString());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string text = word.toStdString();
  const auto near = config::nearest(text, views);
  if (near.empty()) return {};
  return tr("; did you mean %1?").arg(QString::fromUtf8(near.data(), static_cast<qsizetype>(near.size())));
}

const OptionSpec* findOption(const QList<OptionSpec>& options, const QString& name) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const auto& each) { return each.name == name; });
  return found == options.end() ? nullptr : &*found;
}

bool isOption(const QString& word) { return word.startsWith(QStringLiteral("--")) || word == QStringLiteral("-h"); }

}  // namespace

std::optional<int> Arguments::number(const QString& option, int low, int high, QString& error) const {
  if (!has(option) || !error.isEmpty()) return std::nullopt;
  bool isNumber = false;
  const int number = value(option).toInt(&isNumber);
  if (isNumber && number >= low && number <= high) return number;
  error = tr("%1 takes a number from %2 to %3, not \"%4\"").arg(option).arg(low).arg(high).arg(value(option));
  return std::nullopt;
}

struct CommandLineReader {
  const QStringList& rest;
  const QList<OptionSpec>& common;
  const QList<CommandShape>& commands;
  const CommandShape* shape = nullptr;
  CommandLine line;
  qsizetype at = 0;

  QString readOption(const QString& word);
  QString readWord(const QString& word);
  [[nodiscard]] QString unknownOption(const QString& name) const;
  [[nodiscard]] QString checkWords() const;
  void read();
};

QString CommandLineReader::unknownOption(const QString& name) const {
  if (shape == nullptr) {
    for (const CommandShape& each : commands) {
      if (findOption(each.options, name)) return tr("%1 belongs behind a command that has it").arg(name);
    }
  }
  QStringList known;
  for (const OptionSpec& option : common) known.append(option.name);
  if (shape != nullptr)
    for (const OptionSpec& option : shape->options) known.append(option.name);
  const QString whose =
      shape != nullptr ? tr("%1 has no option %2").arg(shape->name, name) : tr("there is no option %1").arg(name);
  return whose + hint(name, known);
}

QString CommandLineReader::readOption(const QString& word) {
  const qsizetype equals = word.indexOf(QLatin1Char('='));
  const QString name = word == QStringLiteral("-h") ? QStringLiteral("--help") : word.left(equals);
  const OptionSpec* option = findOption(common, name);
  if (option == nullptr && shape != nullptr) option = findOption(shape->options, name);
  if (option == nullptr) return unknownOption(name);
  QStringList& values = line.arguments.values_[name];
  if (!values.isEmpty() && !option->repeatable) return tr("%1 is given twice").arg(name);
  if (option->value.isEmpty()) {
    values.append(QString());
    return equals < 0 ? QString() : tr("%1 takes no value").arg(name);
  }
  const bool alone = equals < 0 && (at == rest.size() || isOption(rest[at]));
  if (alone && option->value.startsWith(u'[')) {
    values.append(QString());
    return {};
  }
  if (equals < 0 && at == rest.size()) return tr("%1 takes a value: %1 %2").arg(name, option->value);
  values.append(equals < 0 ? rest[at++] : word.mid(equals + 1));
  return values.last().isEmpty() ? tr("%1 takes a value: %1 %2").arg(name, option->value) : QString();
}

QString CommandLineReader::readWord(const QString& word) {
  if (shape != nullptr) {
    line.arguments.words_.append(word);
    return {};
  }
  if (word == QStringLiteral("help")) {
    line.arguments.values_[QStringLiteral("--help")].append(QString());
    return {};
  }
  QStringList known;
  for (const CommandShape& each : commands) {
    if (each.name == word) shape = &each;
    known.append(each.name);
  }
  line.command = word;
  return shape != nullptr ? QString() : tr("there is no command \"%1\"").arg(word) + hint(word, known);
}

QString CommandLineReader::checkWords() const {
  if (shape == nullptr || line.arguments.has(QStringLiteral("--help"))) return {};
  const QStringList& words = line.arguments.words();
  if (words.size() < shape->fewestWords) return tr("%1 takes %2").arg(shape->name, shape->words);
  if (words.size() <= shape->mostWords) return {};
  const QString surplus = words[shape->mostWords];
  return shape->mostWords == 0 ? tr("%1 takes no further word, such as \"%2\"").arg(shape->name, surplus)
                               : tr("%1 takes %2 and no further word").arg(shape->name, shape->words);
}

void CommandLineReader::read() {
  bool optionsEnded = false;
  while (at < rest.size() && line.error.isEmpty()) {
    const QString& word = rest[at++];
    if (!optionsEnded && word == QStringLiteral("--"))
      optionsEnded = true;
    else
      line.error = !optionsEnded && isOption(word) ? readOption(word) : readWord(word);
  }
  if (line.error.isEmpty()) line.error = checkWords();
}

CommandLine readCommandLine(const QStringList& words, const QList<OptionSpec>& common,
                            const QList<CommandShape>& commands) {
  CommandLineReader reader{words, common, commands, nullptr, {}, 0};
  reader.read();
  return reader.line;
}

}  // namespace vx11::ctl
