// The panel beside the token table with its cards; in a narrow window it lies below, one card at a time under a tab.
#pragma once

#include <QScrollArea>

class QTabBar;
class QVBoxLayout;

namespace vx11::ui {

class TokenDetails;
class TokenIssueForm;

class TokenSidePanel : public QScrollArea {
  Q_OBJECT
 public:
  TokenSidePanel(TokenIssueForm* issue, TokenDetails* details, QWidget* parent = nullptr);
  void setBelow(bool below);
  [[nodiscard]] bool below() const { return below_; }

 private:
  void showCards();
  TokenIssueForm* issue_;
  TokenDetails* details_;
  QTabBar* tabs_;
  QVBoxLayout* column_;
  bool below_ = false;
};

}  // namespace vx11::ui
