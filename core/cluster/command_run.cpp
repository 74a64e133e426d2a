#include "cluster/command_run.h"

#include <QFile>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <array>
#include <csignal>
#include <utility>

namespace vx11::cluster {
namespace {

constexpr qsizetype longestLine = 500;

std::string bytesOf(const QString& text) { return QFile::encodeName(text).toStdString(); }

}  // namespace

CommandRun::CommandRun(QObject* parent) : QObject(parent) {
  deadline_.setSingleShot(true);
  connect(&deadline_, &QTimer::timeout, this, [this] {
    end_.timedOut = true;
    killAll();
  });
  connect(&child_, &ChildProcess::wrote, this, &CommandRun::hear);
  connect(&child_, &ChildProcess::droppedLines, this,
          [this](qint64 count) { Q_EMIT said({tr("… and %1 more lines").arg(count)}); });
  connect(&child_, &ChildProcess::ended, this, [this](const ChildProcess::End& end) {
    deadline_.stop();
    end_.exitCode = end.exitCode;
    if (end_.timedOut)
      end_.problem = tr("It took longer than %1 s and was ended.").arg(deadline_.interval() / 1000);
    else if (end.exitCode < 0)
      end_.problem = end.text();
    Q_EMIT ended(end_);
  });
}

CommandRun::~CommandRun() { killAll(); }

std::optional<QString> CommandRun::start(const QStringList& command, std::chrono::milliseconds longest) {
  if (command.isEmpty() || command.first().isEmpty()) return tr("The command is empty: it names no program.");
  const QString program = QStandardPaths::findExecutable(command.first());
  if (program.isEmpty()) {
    return tr("There is no program %1 that could be run: give its full path.").arg(command.first());
  }
  ChildProcess::Launch launch;
  launch.program = bytesOf(program);
  launch.name = bytesOf(command.first());
  for (const QString& argument : command.mid(1)) launch.arguments.push_back(bytesOf(argument));
  const QStringList environment = QProcessEnvironment::systemEnvironment().toStringList();
  for (const QString& variable : environment) launch.environment.push_back(bytesOf(variable));
  if (const auto problem = child_.start(launch)) {
    return tr("%1 can't be started: %2").arg(command.first(), *problem);
  }
  deadline_.start(longest);
  return std::nullopt;
}

void CommandRun::hear(const QList<QByteArray>& lines) {
  QStringList texts;
  for (const QByteArray& line : lines) {
    const QString text = QString::fromLocal8Bit(line).left(longestLine).trimmed();
    if (!text.isEmpty()) texts << text;
  }
  if (texts.isEmpty()) return;
  end_.lastLines << texts;
  end_.lastLines = end_.lastLines.mid(std::max<qsizetype>(0, end_.lastLines.size() - mostLastLines));
  Q_EMIT said(texts);
}

/// Each child leads a group of its own; the number is its own until it is reaped.
void CommandRun::killAll() const {
  if (child_.pid() > 0) ::kill(-child_.pid(), SIGKILL);
}

QStringList CommandRun::filledIn(const QStringList& command, const QString& id, const QUrl& url) {
  const int port = url.port(url.scheme() == QStringLiteral("https") ? 443 : 80);
  const std::array values{
      std::pair{QStringLiteral("{id}"), id}, std::pair{QStringLiteral("{url}"), url.toString(QUrl::FullyEncoded)},
      std::pair{QStringLiteral("{host}"), url.host()}, std::pair{QStringLiteral("{port}"), QString::number(port)}};
  QStringList filled;
  for (const QString& word : command) {
    QString made;
    // From left to right, so that a value's own braces stay what they are.
    for (qsizetype at = 0; at < word.size();) {
      const auto found = std::find_if(values.begin(), values.end(), [&](const auto& value) {
        return QStringView(word).sliced(at).startsWith(value.first);
      });
      made += found == values.end() ? QString(word[at]) : found->second;
      at += found == values.end() ? 1 : found->first.size();
    }
    filled << made;
  }
  return filled;
}

}  // namespace vx11::cluster
