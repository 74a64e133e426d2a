#include "ctl/output.h"

#include <poll.h>
#include <unistd.h>

#include <QJsonDocument>
#include <cerrno>
#include <cstring>
#include <utility>

#include "ctl/words.h"

namespace vx11::ctl {

Output::Output(FILE* out, FILE* err, bool json)
    : out_(out),
      err_(err),
      json_(json),
      outIsTerminal_(::isatty(::fileno(out)) != 0),
      errIsTerminal_(::isatty(::fileno(err)) != 0),
      asks_(errIsTerminal_ && ::isatty(STDIN_FILENO) != 0),
      coloured_(outIsTerminal_ && qEnvironmentVariableIsEmpty("NO_COLOR") && qgetenv("TERM") != "dumb") {}

void Output::write(const QByteArray& bytes) {
  clearProgress();
  const bool whole = std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), out_) ==
                     static_cast<std::size_t>(bytes.size());
  if (whole && std::fflush(out_) == 0) return;
  // A reader that has gone away wants no more; a full disk is a failure, and what was printed may be lost.
  if (errno != EPIPE && !std::exchange(failed_, true)) {
    note(tr("the results can't be written: %1").arg(QString::fromLocal8Bit(std::strerror(errno))));
  }
  if (closed_) std::exchange(closed_, nullptr)();
}

void Output::line(const QString& text, Tone tone) {
  if (!json_) write(painted(printable(text), tone, coloured_).toUtf8() + '\n');
}

void Output::table(const Table& table) {
  if (json_) return;
  QByteArray bytes;
  for (const QString& line : table.lines(coloured_)) bytes += line.toUtf8() + '\n';
  write(bytes);
}

void Output::document(const QJsonObject& object) {
  if (!json_) return;
  QByteArray bytes = QJsonDocument(object).toJson(outIsTerminal_ ? QJsonDocument::Indented : QJsonDocument::Compact);
  if (!bytes.endsWith('\n')) bytes += '\n';
  write(bytes);
}

void Output::event(const QJsonObject& object) {
  if (json_) write(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

void Output::note(const QString& sentence) {
  clearProgress();
  std::fputs(qUtf8Printable(QStringLiteral("vx11ctl: ") + printable(sentence) + u'\n'), err_);
  std::fflush(err_);
}

void Output::progress(const QString& text) {
  if (!errIsTerminal_) return;
  std::fputs(qUtf8Printable(QStringLiteral("\r\x1b[K") + printable(text)), err_);
  std::fflush(err_);
  progressShown_ = true;
}

void Output::clearProgress() {
  if (!std::exchange(progressShown_, false)) return;
  std::fputs("\r\x1b[K", err_);
  std::fflush(err_);
}

void Output::question(const QString& text) {
  clearProgress();
  std::fputs(qUtf8Printable(printable(text) + u' '), err_);
  std::fflush(err_);
}

void Output::endQuestion() {
  std::fputs("\n", err_);
  std::fflush(err_);
}

std::optional<QString> Output::answer(const QString& text) {
  question(text);
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (::poll(&input, 1, -1) != 1) {  // a signal: poll, unlike read, comes back
    endQuestion();
    return std::nullopt;
  }
  char line[1024] = {};
  if (std::fgets(line, sizeof line, stdin) == nullptr) return std::nullopt;
  return QString::fromLocal8Bit(line).trimmed();
}

bool Output::confirmed(const QString& text) {
  const QString word = answer(text + QStringLiteral(" [y/N]")).value_or(QString()).toLower();
  return word == QStringLiteral("y") || word == QStringLiteral("yes");
}

}  // namespace vx11::ctl
