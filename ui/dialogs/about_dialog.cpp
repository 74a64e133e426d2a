#include "dialogs/about_dialog.h"

#include <QCoreApplication>
#include <QFile>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "platform/theme.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

QString iconLicence() {
  QFile file(QStringLiteral(":/icons/LICENSE"));
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace

AboutDialog::AboutDialog(QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("About VX11 console"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space16, metrics::space16, metrics::space16, metrics::space12);
  column->setSpacing(metrics::space8);
  column->addWidget(
      new TextLabel(tr("VX11 console %1").arg(QCoreApplication::applicationVersion()), FontRole::PageTitle));
  const QStringList sentences = {
      tr("The operator's window to ephemeral stream tokens, with the service itself inside."),
      tr("GPL-3.0-or-later, because Qt Charts is GPL-3."),
      tr("Qt %1, running on Qt %2.").arg(QLatin1String(QT_VERSION_STR), QLatin1String(qVersion())),
  };
  for (const QString& sentence : sentences) column->addWidget(new TextLabel(sentence, FontRole::Body, Token::Text2));
  column->addSpacing(metrics::space4);
  column->addWidget(new TextLabel(tr("Licence of the icons"), FontRole::Label, Token::Text3));
  auto* licence = new QPlainTextEdit(iconLicence());
  licence->setReadOnly(true);
  licence->setFont(themeOf(palette()).font(FontRole::Fixed));
  licence->setMinimumSize(620, 240);
  licence->setAccessibleName(tr("Licence of the icons"));
  column->addWidget(licence, 1);
  auto* close = new QPushButton(tr("Close"));
  close->setDefault(true);
  close->setFocus();
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  buttons->addWidget(close);
  column->addLayout(buttons);
}

}  // namespace vx11::ui
