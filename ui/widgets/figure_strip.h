// Figures in one row under one edge, parted by lines.
#pragma once

#include <QList>
#include <QWidget>

namespace vx11::ui {

class Figure;

class FigureStrip : public QWidget {
  Q_OBJECT
 public:
  explicit FigureStrip(QWidget* parent = nullptr);
  /// At the right end; all have the same width. `paddingY`: px above and below it.
  Figure* addFigure(const QString& label, int paddingY);
  [[nodiscard]] const QList<Figure*>& figures() const { return figures_; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QList<Figure*> figures_;
};

}  // namespace vx11::ui
