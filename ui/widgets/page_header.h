// The head of every page: its title, and under it the verdict, the one line that answers how things are. Who reads no
// further has read the answer.
#pragma once

#include <QWidget>

#include "widgets/state_mark.h"

class QHBoxLayout;
class QAbstractButton;

namespace vx11::ui {

class VerdictLine;
class TextLabel;

/// 42 high at the usual size of text: title 22, verdict 20; actions at the right over both lines.
class PageHeader : public QWidget {
  Q_OBJECT
 public:
  explicit PageHeader(const QString& title, QWidget* parent = nullptr);
  /// `phrase` is bold and ends with a full stop; `sentence` follows and gives way when space is short.
  void setVerdict(Mark mark, const QString& phrase, const QString& sentence);
  [[nodiscard]] QString verdict() const;  ///< phrase and sentence
  [[nodiscard]] Mark mark() const;
  void addAction(QWidget* widget);        ///< at the right, in order
  void addBesideTitle(QWidget* widget);   ///< tabs

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void fitTitle();
  TextLabel* title_;
  VerdictLine* verdict_;
  QHBoxLayout* titleRow_;
  QHBoxLayout* actions_;
};

}  // namespace vx11::ui
