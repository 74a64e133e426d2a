// One cell of the cross-instance test in words: the answer, who gave it, how long it took, its correlation id.
#pragma once

#include "pages/matrix_words.h"
#include "widgets/card.h"

class QPushButton;

namespace vx11::ui {

class KeyValueRow;

class MatrixDetails : public Card {
  Q_OBJECT
 public:
  explicit MatrixDetails(QWidget* parent = nullptr);
  void display(const cluster::MatrixResult& result, int issuer, int validator);
  /// Why the shell lines can't be copied; empty: they can.
  void setShellReason(const QString& reason);

 Q_SIGNALS:
  void shellAsked();
  void logAsked();

 private:
  KeyValueRow* answer_;
  KeyValueRow* latency_;
  KeyValueRow* by_;
  KeyValueRow* correlation_;
  QPushButton* shell_;
};

}  // namespace vx11::ui
