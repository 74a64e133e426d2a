// What of a page scrolls as a whole when it doesn't fit. Its cards keep their right edge under the header's: the bar
// stands in the page's margin, not beside the cards.
#pragma once

#include <QScrollArea>

namespace vx11::ui {

class PageScroll : public QScrollArea {
  Q_OBJECT
 public:
  explicit PageScroll(QWidget* parent = nullptr);
  /// Its layout gets the page's margins; above it the header has its own.
  void setContent(QWidget* content);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void setMargins();
};

}  // namespace vx11::ui
