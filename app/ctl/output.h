// Where a command's words go: results to stdout, as text or as JSON, everything else to stderr.
#pragma once

#include <QJsonObject>
#include <QString>
#include <cstdio>
#include <functional>
#include <optional>

#include "ctl/table.h"

namespace vx11::ctl {

class Output {
 public:
  /// `json`: results are JSON documents, and `line` and `table` say nothing. The files outlive it.
  Output(FILE* out, FILE* err, bool json);

  [[nodiscard]] bool json() const { return json_; }
  /// Whether a person reads the results.
  [[nodiscard]] bool onTerminal() const { return outIsTerminal_ && !json_; }
  /// Whether somebody can be asked.
  [[nodiscard]] bool interactive() const { return asks_; }

  void line(const QString& text, Tone tone = Tone::Plain);
  void table(const Table& table);
  /// The one document of a command that ends by itself.
  void document(const QJsonObject& object);
  /// One of many, in a line, at once.
  void event(const QJsonObject& object);

  /// A sentence for the person at the terminal, in the program's name.
  void note(const QString& sentence);
  /// Replaces the last progress; only where stderr is a terminal.
  void progress(const QString& text);
  /// Without a new line: the answer is typed behind it. `endQuestion` where none comes.
  void question(const QString& text);
  void endQuestion();
  /// Asks; waits for the answer. Yes must be said; a signal means no. Only where `interactive`.
  [[nodiscard]] bool confirmed(const QString& text);
  /// The line that is typed, without blanks around it; a signal or the end of the input: nothing.
  [[nodiscard]] std::optional<QString> answer(const QString& text);

  /// Results were lost for another reason than that nobody reads them.
  [[nodiscard]] bool failed() const { return failed_; }
  /// Called once when nobody reads the results any more.
  void onClosed(std::function<void()> closed) { closed_ = std::move(closed); }

 private:
  void write(const QByteArray& bytes);
  void clearProgress();

  FILE* out_;
  FILE* err_;
  bool json_, outIsTerminal_, errIsTerminal_, asks_, coloured_;
  bool progressShown_ = false, failed_ = false;
  std::function<void()> closed_;
};

}  // namespace vx11::ctl
