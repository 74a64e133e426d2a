// The axes of a chart with everything on them, and the hand on it: hover and arrow keys move the shared cursor, a drag
// asks for a zoom. Curves, grid and events are painted once for new data; a moving cursor only adds a line.
#pragma once

#include <QPixmap>
#include <QWidget>
#include <memory>
#include <optional>

#include "charts/chart_data.h"
#include "charts/curve_canvas.h"
#include "charts/plot_geometry.h"

namespace vx11::ui {

class PlotArea : public QWidget {
  Q_OBJECT
 public:
  explicit PlotArea(ChartCursor& cursor, QWidget* parent = nullptr);
  ~PlotArea() override;

  void setSpec(const ChartSpec& spec);
  void setData(ChartData data);
  void setHidden(std::vector<bool> hidden);  ///< one for each curve
  void setMarkWords(bool on);                ///< this chart writes the events' words
  [[nodiscard]] const ChartData& data() const { return data_; }
  /// Where things are now, for tests and for what is painted on top.
  [[nodiscard]] PlotGeometry geometryNow() const;
  /// The words of the events near `x` (logical pixels), a line each; with those of a gap there.
  [[nodiscard]] QString wordsAt(qreal x) const;

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void refresh();
  void forgetPicture();
  void paintPicture();
  [[nodiscard]] bool shown(std::size_t curve) const { return curve >= hidden_.size() || !hidden_[curve]; }
  [[nodiscard]] bool anyPoint() const;
  void moveCursorBy(qint64 ms);

  ChartCursor& cursor_;
  ChartSpec spec_;
  ChartData data_;
  std::vector<bool> hidden_;
  bool markWords_ = false;
  double top_ = 1;
  CurveCanvas canvas_;
  QPixmap picture_;               ///< null: to be painted anew
  bool picturePromised_ = false;  ///< an event that paints it is on its way
  std::optional<qreal> hoverX_;   ///< the cursor follows the mouse here
  std::optional<qreal> pressX_;
};

}  // namespace vx11::ui
