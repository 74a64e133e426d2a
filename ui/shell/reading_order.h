// The controls below a widget in the order in which one reads them: the way of the Tab key. Found anew at each step from
// the layouts as they stand, so that what was made late or has moved has its place too.
#pragma once

#include <QList>

class QWidget;

namespace vx11::ui {

/// Those that Tab can reach now; of an exclusive group only the chosen one, as the arrow keys go to the others.
[[nodiscard]] QList<QWidget*> readingOrder(QWidget& top);

}  // namespace vx11::ui
