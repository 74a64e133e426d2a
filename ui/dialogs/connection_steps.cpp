#include "dialogs/connection_steps.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {

using cluster::ConnectionStep;

Mark markOf(ConnectionStep::State state) {
  switch (state) {
    case ConnectionStep::State::Waiting:
      return Mark::Waiting;
    case ConnectionStep::State::Running:
      return Mark::Running;
    case ConnectionStep::State::Passed:
      return Mark::Pass;
    case ConnectionStep::State::Warned:
      return Mark::Warning;
    case ConnectionStep::State::Failed:
      return Mark::Fail;
    case ConnectionStep::State::Skipped:
      return Mark::Skipped;
  }
  return Mark::Unknown;
}

ConnectionSteps::ConnectionSteps(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
  column_->setContentsMargins(0, 0, 0, 0);
  column_->setSpacing(metrics::space8);
}

void ConnectionSteps::setSteps(const QList<ConnectionStep>& steps) {
  while (rows_.size() > steps.size()) {
    QWidget* box = rows_.takeLast().box;
    box->hide();
    box->deleteLater();
  }
  while (rows_.size() < steps.size()) rows_.append(makeRow());
  for (qsizetype i = 0; i < steps.size(); ++i) {
    const Row& row = rows_[i];
    const ConnectionStep& step = steps[i];
    const Mark mark = markOf(step.state);
    const QString details = step.details.join(u'\n');
    row.mark->setMark(mark);
    row.title->setText(ConnectionStep::titleOf(step.what));
    row.title->setColor(mark == Mark::Waiting || mark == Mark::Skipped ? Token::Text3 : Token::Text);
    row.sentence->setText(step.sentence);
    row.sentence->setVisible(!step.sentence.isEmpty());
    row.details->setText(details);
    row.details->setVisible(!details.isEmpty());
    row.box->setAccessibleName(text(static_cast<int>(i)));
  }
}

QString ConnectionSteps::text(int step) const {
  const Row& row = rows_[step];
  return QStringLiteral("%1: %2. %3").arg(row.mark->word(), row.title->text(), row.sentence->text()).trimmed();
}

ConnectionSteps::Row ConnectionSteps::makeRow() {
  Row row{new QWidget, new MarkLabel, new TextLabel({}, FontRole::BodyStrong),
          new TextLabel({}, FontRole::Label, Token::Text2), new TextLabel({}, FontRole::Label, Token::Text3)};
  row.mark->setMarkOnly(true);
  row.mark->setFixedHeight(row.title->sizeHint().height());
  row.sentence->setWordWrap(true);
  row.details->setWordWrap(true);
  auto* words = new QVBoxLayout;
  words->setSpacing(0);
  words->addWidget(row.title);
  words->addWidget(row.sentence);
  words->addWidget(row.details);
  auto* line = new QHBoxLayout(row.box);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(metrics::space8);
  line->addWidget(row.mark, 0, Qt::AlignTop);
  line->addLayout(words, 1);
  column_->addWidget(row.box);
  return row;
}

}  // namespace vx11::ui
