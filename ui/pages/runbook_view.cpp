#include "pages/runbook_view.h"

#include <QEvent>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextList>

#include "pages/alert_words.h"
#include "platform/theme.h"
#include "widgets/metrics.h"

namespace vx11::ui {

RunbookView::RunbookView(QWidget* parent) : QTextBrowser(parent) {
  setFrameShape(QFrame::NoFrame);
  setOpenLinks(false);
  setAccessibleName(tr("Runbook"));
  setTabChangesFocus(true);
  document()->setDocumentMargin(metrics::space12);
}

void RunbookView::showRunbook(cluster::AlertKind kind) {
  if (kind_ == kind) return;
  kind_ = kind;
  write();
}

void RunbookView::changeEvent(QEvent* event) {
  QTextBrowser::changeEvent(event);
  if (event->type() == QEvent::PaletteChange && kind_) write();
}

void RunbookView::write() {
  const Theme& theme = themeOf(palette());
  document()->setDefaultFont(theme.font(FontRole::Body));
  setMarkdown(alerts::runbook(*kind_));
  document()->setIndentWidth(metrics::space16);
  for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
    QTextCursor cursor(block);
    QTextBlockFormat format;
    format.setBottomMargin(block.textList() != nullptr ? metrics::space4 : metrics::space8);
    cursor.mergeBlockFormat(format);
    if (block.blockFormat().headingLevel() == 0) continue;
    // Markdown's headings are twice as large as anything in the console.
    cursor.select(QTextCursor::BlockUnderCursor);
    QTextCharFormat title;
    title.setFont(theme.font(FontRole::CardTitle));
    cursor.setCharFormat(title);
  }
  setAccessibleDescription(cluster::alertName(*kind_));
  moveCursor(QTextCursor::Start);
}

}  // namespace vx11::ui
