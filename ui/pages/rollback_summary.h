// The one sentence on what an operation will do, why it can't be begun, and what should be known before.
#pragma once

#include <QList>
#include <QStringList>
#include <QWidget>

class QVBoxLayout;

namespace vx11::ui {

class NoteBox;
class TextLabel;

class RollbackSummary : public QWidget {
  Q_OBJECT
 public:
  explicit RollbackSummary(QWidget* parent = nullptr);
  /// Hidden where all is empty.
  void display(const QString& summary, const QString& refusal, const QStringList& warnings);

 private:
  TextLabel* sentence_;
  QVBoxLayout* notes_;
  QList<NoteBox*> boxes_;
};

}  // namespace vx11::ui
