// Cards in rows of equal columns: four, two when the page is narrow, more where they would grow too wide.
#pragma once

#include <QList>
#include <QWidget>

class QGridLayout;

namespace vx11::ui {

/// How many columns a page of this width has: no card of one column is wider than 320.
[[nodiscard]] int cardColumns(int width);

/// Where a card stands.
struct CardPlace {
  int row = 0, column = 0, span = 1;
  friend bool operator==(const CardPlace&, const CardPlace&) = default;
};

/// Places in reading order. The two cards `first` and `second` (by index) take as many columns as fill the rows, as
/// evenly as possible and no more than needed.
[[nodiscard]] QList<CardPlace> placeCards(int count, int columns, int first, int second);

class CardGrid : public QWidget {
  Q_OBJECT
 public:
  explicit CardGrid(QWidget* parent = nullptr);
  /// The grid owns the cards from here on. `first` and `second` may take more than one column.
  void setCards(const QList<QWidget*>& cards, QWidget* first, QWidget* second);
  /// The width it will have; from the page, since a grid is never narrower than its columns.
  void setAvailableWidth(int width);

 private:
  void arrange();
  QGridLayout* layout_;
  QList<QWidget*> cards_;
  QWidget *first_ = nullptr, *second_ = nullptr;
  int columns_ = 4;
};

}  // namespace vx11::ui
