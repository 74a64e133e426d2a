// A tinted box inside a card: a mark and a few words that belong to what stands beside it. For what should be known
// before a button is pressed; what is wrong with the page has its bar.
#pragma once

#include <QWidget>

#include "widgets/state_mark.h"

namespace vx11::ui {

class TextLabel;

/// Hidden while it has no words.
class NoteBox : public QWidget {
  Q_OBJECT
 public:
  explicit NoteBox(QWidget* parent = nullptr);
  void setNote(Mark mark, const QString& words);
  [[nodiscard]] QString words() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  MarkLabel* mark_;
  TextLabel* words_;
};

}  // namespace vx11::ui
