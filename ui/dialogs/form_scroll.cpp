#include "dialogs/form_scroll.h"

#include <QEvent>
#include <QLayout>
#include <algorithm>

#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int margin = metrics::space16;

}  // namespace

FormScroll::FormScroll(QWidget* form, int formWidth, QWidget* parent) : QScrollArea(parent) {
  setFrameShape(QFrame::NoFrame);
  setFocusPolicy(Qt::NoFocus);
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setMinimumWidth(formWidth + margin);
  form->layout()->setContentsMargins(0, 0, margin, 0);
  setWidget(form);
  // The window's own surface shows through.
  viewport()->setAutoFillBackground(false);
  form->setAutoFillBackground(false);
}

int FormScroll::neededHeight() const {
  QLayout* form = widget()->layout();
  form->activate();
  const int fields = width() - margin;  // with a bar and without
  return form->totalHeightForWidth(fields + form->contentsMargins().right());
}

void FormScroll::reveal(QWidget& field) {
  widget()->layout()->activate();
  QEvent now(QEvent::LayoutRequest);  // else the form has the height of before
  event(&now);
  ensureWidgetVisible(&field, 0, 2 * metrics::control);
}

void FormScroll::resizeEvent(QResizeEvent* event) {
  QScrollArea::resizeEvent(event);
  const int bar = width() - viewport()->width();
  widget()->layout()->setContentsMargins(0, 0, std::max(0, margin - bar), 0);
}

}  // namespace vx11::ui
