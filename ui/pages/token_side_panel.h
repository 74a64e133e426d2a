// The panel beside the token table with its cards; in a narrow window it lies below, one card at a time under a tab.
#pragma once

#include <QScrollArea>

class QTabBar;
class QVBoxLayout;

namespace vx11::ui {

class TokenAwayCard;
class TokenDetails;
class TokenIssueForm;

class TokenSidePanel : public QScrollArea {
  Q_OBJECT
 public:
  TokenSidePanel(TokenIssueForm* issue, TokenDetails* details, TokenAwayCard* away, QWidget* parent = nullptr);
  void setBelow(bool below);
  /// What still works without Redis, in place of the details.
  void setAway(bool away);
  [[nodiscard]] bool below() const { return below_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void showCards();
  void fitHeight();
  TokenIssueForm* issue_;
  TokenDetails* details_;
  TokenAwayCard* away_;
  QTabBar* tabs_;
  QVBoxLayout* column_;
  bool below_ = false, isAway_ = false;
};

}  // namespace vx11::ui
