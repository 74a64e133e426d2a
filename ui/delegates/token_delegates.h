// The cells of a token that are more than text: its masked value, its bar, where it is cached, its state. They read the
// roles of TokenTableModel, which tell what is left at the moment of painting.
#pragma once

#include <optional>

#include "cluster/types.h"
#include "delegates/cell_delegate.h"
#include "delegates/countdown.h"

namespace vx11::ui {

/// Masked value in fixed width, and a mark for single use. At most one row shows its value, while it is revealed.
class TokenDelegate : public CellDelegate {
  Q_OBJECT
 public:
  explicit TokenDelegate(const Countdown& countdown, QObject* parent = nullptr);
  void reveal(const cluster::TokenId& id, const QString& value);
  void hide();

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;
  [[nodiscard]] int contentWidth(const QModelIndex& index) const override;

 private:
  [[nodiscard]] QString textOf(const QModelIndex& index) const;
  const Countdown& countdown_;
  std::optional<cluster::TokenId> revealed_;
  QString value_;
};

/// A bar of 78 by 6 that shrinks with the time left, and the time at the right: bold in the last ten seconds.
class TtlBarDelegate : public CellDelegate {
  Q_OBJECT
 public:
  explicit TtlBarDelegate(const Countdown& countdown, QObject* parent = nullptr);

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;
  [[nodiscard]] int contentWidth(const QModelIndex& index) const override;

 private:
  const Countdown& countdown_;
};

/// Mark and word.
class StateDelegate : public CellDelegate {
  Q_OBJECT
 public:
  explicit StateDelegate(const Countdown& countdown, QObject* parent = nullptr);

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;
  [[nodiscard]] int contentWidth(const QModelIndex& index) const override;

 private:
  const Countdown& countdown_;
};

/// A dot for each instance, in its place and colour, filled where the token is cached; then the names, as far as they
/// fit.
class CachedOnDelegate : public CellDelegate {
  Q_OBJECT
 public:
  explicit CachedOnDelegate(const Countdown& countdown, QObject* parent = nullptr);

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;
  [[nodiscard]] int contentWidth(const QModelIndex& index) const override;

 private:
  const Countdown& countdown_;
};

/// Text of any other column of the token table.
class TokenTextDelegate : public CellDelegate {
  Q_OBJECT
 public:
  explicit TokenTextDelegate(const Countdown& countdown, QObject* parent = nullptr);

 protected:
  void paintCell(const Cell& cell, const QModelIndex& index) const override;

 private:
  const Countdown& countdown_;
};

}  // namespace vx11::ui
