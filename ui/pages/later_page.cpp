#include "pages/later_page.h"

#include <QVBoxLayout>

#include "widgets/empty_state.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"

namespace vx11::ui {

LaterPage::LaterPage(const Services& services, const QString& title, const QString& icon, const QString& sentence,
                     QWidget* parent)
    : Page(services, parent) {
  setAccessibleName(title);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::pageSide, metrics::pageTop, metrics::pageSide, metrics::pageSide);
  column->setSpacing(metrics::cardGap);
  column->addWidget(new PageHeader(title));
  column->addWidget(new EmptyState(icon, sentence), 1);
}

}  // namespace vx11::ui
