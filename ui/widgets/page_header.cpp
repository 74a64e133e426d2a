#include "widgets/page_header.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/metrics.h"
#include "widgets/text_label.h"
#include "widgets/verdict_line.h"

namespace vx11::ui {

PageHeader::PageHeader(const QString& title, QWidget* parent)
    : QWidget(parent),
      title_(new TextLabel(title, FontRole::PageTitle)),
      verdict_(new VerdictLine),
      titleRow_(new QHBoxLayout),
      actions_(new QHBoxLayout) {
  setMinimumHeight(metrics::pageHeader);
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  fitTitle();
  titleRow_->setSpacing(metrics::space16);
  titleRow_->addWidget(title_);
  titleRow_->addStretch(1);

  auto* lines = new QVBoxLayout;
  lines->setSpacing(0);
  lines->addLayout(titleRow_);
  lines->addWidget(verdict_);

  actions_->setSpacing(metrics::space8);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(metrics::space16);
  row->addLayout(lines, 1);
  row->addLayout(actions_);
}

void PageHeader::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::ApplicationFontChange) fitTitle();
}

void PageHeader::fitTitle() {
  // A line of 18 px text is 25 high with its leading; the title does without.
  title_->setFixedHeight(themeOf(palette()).font(FontRole::PageTitle).pixelSize() * metrics::pageTitle / 18);
}

void PageHeader::setVerdict(Mark mark, const QString& phrase, const QString& sentence) {
  verdict_->set(mark, phrase, sentence);
}

QString PageHeader::verdict() const { return verdict_->text(); }
Mark PageHeader::mark() const { return verdict_->mark(); }
void PageHeader::addAction(QWidget* widget) { actions_->addWidget(widget, 0, Qt::AlignVCenter); }
void PageHeader::addBesideTitle(QWidget* widget) { titleRow_->insertWidget(titleRow_->count() - 1, widget); }

}  // namespace vx11::ui
