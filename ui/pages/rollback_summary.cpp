#include "pages/rollback_summary.h"

#include <QVBoxLayout>

#include "widgets/metrics.h"
#include "widgets/note_box.h"
#include "widgets/text_label.h"

namespace vx11::ui {

RollbackSummary::RollbackSummary(QWidget* parent)
    : QWidget(parent), sentence_(new TextLabel), notes_(new QVBoxLayout) {
  sentence_->setWordWrap(true);
  notes_->setSpacing(metrics::space4);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(metrics::space8);
  column->addWidget(sentence_);
  column->addLayout(notes_);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void RollbackSummary::display(const QString& summary, const QString& refusal, const QStringList& warnings) {
  setVisible(!summary.isEmpty() || !refusal.isEmpty() || !warnings.isEmpty());
  sentence_->setText(summary);
  sentence_->setVisible(!summary.isEmpty());
  QList<std::pair<Mark, QString>> notes;
  if (!refusal.isEmpty()) notes << std::pair(Mark::Fail, refusal);
  for (const QString& warning : warnings) notes << std::pair(Mark::Warning, warning);
  while (boxes_.size() < notes.size()) {
    boxes_ << new NoteBox;
    notes_->addWidget(boxes_.last());
  }
  for (int i = 0; i < boxes_.size(); ++i) {
    const auto [mark, words] = notes.value(i, {Mark::Warning, {}});
    if (boxes_.at(i)->words() != words || i < notes.size()) boxes_.at(i)->setNote(mark, words);
  }
}

}  // namespace vx11::ui
