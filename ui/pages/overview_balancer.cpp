#include "pages/overview_balancer.h"

#include <QVBoxLayout>

#include "widgets/elided_label.h"
#include "widgets/format.h"
#include "widgets/link_button.h"
#include "widgets/text_label.h"

namespace vx11::ui {

BalancerCard::BalancerCard(QWidget* parent)
    : Card(tr("Balancer"), parent), address_(new ElidedLabel({}, FontRole::Fixed, Token::Text, Qt::ElideMiddle)) {
  auto* words = new TextLabel(tr("The cross-instance test shows which instances it sends to."), FontRole::Label,
                              Token::Text2);
  words->setWordWrap(true);
  body()->addWidget(address_);
  body()->addWidget(words);
  connect(setHeaderLink(tr("Test")), &QAbstractButton::clicked, this, &BalancerCard::testRequested);
}

void BalancerCard::display(const QUrl& address) {
  address_->setText(format::address(address));
  setAccessibleDescription(address_->text());
}

}  // namespace vx11::ui
