#include "pages/later_page.h"

#include <QVBoxLayout>

#include "widgets/empty_state.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"

namespace vx11::ui {

LaterPage::LaterPage(const Services& services, const QString& title, const QString& icon, const QString& sentence,
                     QWidget* parent)
    : Page(services, parent), header_(new PageHeader(title)) {
  setAccessibleName(title);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::pageSide, metrics::pageTop, metrics::pageSide, metrics::pageSide);
  column->setSpacing(metrics::cardGap);
  column->addWidget(header_);
  column->addWidget(new EmptyState(icon, sentence), 1);
}

void LaterPage::setVerdict(const QString& phrase, const QString& sentence) {
  header_->setVerdict(Mark::Skipped, phrase, sentence);
}

}  // namespace vx11::ui
