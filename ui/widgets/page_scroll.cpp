#include "widgets/page_scroll.h"

#include <QLayout>
#include <algorithm>

#include "widgets/metrics.h"

namespace vx11::ui {

PageScroll::PageScroll(QWidget* parent) : QScrollArea(parent) {
  setWidgetResizable(true);
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::NoFocus);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
}

void PageScroll::setContent(QWidget* content) {
  setWidget(content);
  setMargins();
}

void PageScroll::setMargins() {
  if (widget() == nullptr || widget()->layout() == nullptr) return;
  const int bar = width() - viewport()->width();
  widget()->layout()->setContentsMargins(metrics::pageSide, 0, std::max(0, metrics::pageSide - bar), metrics::pageSide);
}

void PageScroll::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  setMargins();
}

}  // namespace vx11::ui
