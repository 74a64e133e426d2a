// A question at the terminal that doesn't hold the event loop up: what is under way goes on while somebody thinks.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <functional>
#include <optional>

#include "ctl/output.h"

namespace vx11::ctl {

class Prompt final : public QObject {
 public:
  /// The line without blanks around it; nothing: the input is over, nobody will answer.
  using Answered = std::function<void(const std::optional<QString>&)>;

  /// The output outlives it.
  explicit Prompt(Output& output, QObject* parent = nullptr);

  /// Takes the place of a question that is open. What was typed before is no answer to it.
  void ask(const QString& question, Answered answered);
  void withdraw();
  [[nodiscard]] bool isOpen() const { return answered_ != nullptr; }

 private:
  void read();
  void answer(const std::optional<QString>& line);

  Output& out_;
  QSocketNotifier input_;
  QByteArray typed_;
  Answered answered_;
};

}  // namespace vx11::ctl
