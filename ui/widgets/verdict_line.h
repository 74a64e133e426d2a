// Mark, bold phrase, sentence: the second line of a page's header.
#pragma once

#include <QWidget>

#include "widgets/state_mark.h"

namespace vx11::ui {

/// One line; the sentence is elided at its end, with the whole in the tool tip.
class VerdictLine : public QWidget {
  Q_OBJECT
 public:
  explicit VerdictLine(QWidget* parent = nullptr);
  void set(Mark mark, const QString& phrase, const QString& sentence);
  [[nodiscard]] Mark mark() const { return mark_; }
  [[nodiscard]] QString text() const;
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void updateToolTip();
  Mark mark_ = Mark::Unknown;
  QString phrase_, sentence_;
};

}  // namespace vx11::ui
