// The page of a capability that this console doesn't have for the opened profile: it says what would be here, calmly.
#pragma once

#include "pages/page.h"

namespace vx11::ui {

class PageHeader;

class LaterPage : public Page {
  Q_OBJECT
 public:
  LaterPage(const Services& services, const QString& title, const QString& icon, const QString& sentence,
            QWidget* parent = nullptr);
  /// Why it can't be used now.
  void setVerdict(const QString& phrase, const QString& sentence);

 private:
  PageHeader* header_;
};

}  // namespace vx11::ui
