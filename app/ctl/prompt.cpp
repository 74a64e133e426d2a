#include "ctl/prompt.h"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace vx11::ctl {

Prompt::Prompt(Output& output, QObject* parent)
    : QObject(parent), out_(output), input_(STDIN_FILENO, QSocketNotifier::Read) {
  input_.setEnabled(false);
  connect(&input_, &QSocketNotifier::activated, this, &Prompt::read);
}

void Prompt::ask(const QString& question, Answered answered) {
  ::tcflush(STDIN_FILENO, TCIFLUSH);
  typed_.clear();
  out_.question(question);
  answered_ = std::move(answered);
  input_.setEnabled(true);
}

void Prompt::withdraw() {
  if (!isOpen()) return;
  input_.setEnabled(false);
  answered_ = nullptr;
  out_.endQuestion();
}

void Prompt::read() {
  std::array<char, 256> piece{};
  const auto count = ::read(STDIN_FILENO, piece.data(), piece.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    out_.endQuestion();
    return answer(std::nullopt);
  }
  typed_.append(piece.data(), count);
  const qsizetype end = typed_.indexOf('\n');
  if (end >= 0) answer(QString::fromLocal8Bit(typed_.left(end)).trimmed());
}

void Prompt::answer(const std::optional<QString>& line) {
  input_.setEnabled(false);
  if (const Answered answered = std::exchange(answered_, nullptr)) answered(line);
}

}  // namespace vx11::ctl
