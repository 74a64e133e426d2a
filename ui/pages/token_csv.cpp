#include "pages/token_csv.h"

#include <QDateTime>

#include "models/token_table_model.h"
#include "models/token_words.h"
#include "pages/csv_text.h"

namespace vx11::ui {
namespace {

constexpr std::size_t rowsATurn = 500;

QString instant(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs); }

}  // namespace

TokenCsv::TokenCsv(const TokenTableModel& model, const QString& path, QObject* parent)
    : QObject(parent), model_(model), file_(path) {
  rows_.reserve(static_cast<std::size_t>(model.rowCount()));
  for (int row = 0; row < model.rowCount(); ++row) rows_.push_back(model.rowAt(row));
  turn_.setInterval(0);
  connect(&turn_, &QTimer::timeout, this, &TokenCsv::writeSome);
}

QString TokenCsv::headerLine() {
  return QStringLiteral("id,token,state,issued_by,issued_at,expires_at,ttl_sec,single_use,cached_on");
}

QString TokenCsv::line(const TokenTableModel& model, const cluster::TokenRow& row) {
  return QStringList{row.id.text(),
                     csvField(row.masked()),
                     csvField(words::state(row.state)),
                     csvField(model.issuerText(row)),
                     instant(row.createdAt),
                     instant(row.createdAt + row.ttlMs),
                     QString::number(row.ttlMs / 1000),
                     row.singleUse ? QStringLiteral("true") : QStringLiteral("false"),
                     csvField(model.cachedText(row))}
      .join(u',');
}

void TokenCsv::start() {
  if (!file_.open(QIODevice::WriteOnly | QIODevice::Text)) return end(file_.errorString());
  file_.write(headerLine().toUtf8() + '\n');
  turn_.start();
}

void TokenCsv::writeSome() {
  const std::size_t last = std::min(rows_.size(), next_ + rowsATurn);
  QByteArray text;
  for (; next_ < last; ++next_) text += line(model_, rows_[next_]).toUtf8() + '\n';
  if (file_.write(text) != text.size()) return end(file_.errorString());
  if (next_ < rows_.size()) {
    Q_EMIT progressed(static_cast<int>(next_), static_cast<int>(rows_.size()));
  } else {
    end(file_.commit() ? QString() : file_.errorString());
  }
}

void TokenCsv::end(const QString& error) {
  turn_.stop();
  Q_EMIT finished(static_cast<int>(next_), error);
  deleteLater();
}

}  // namespace vx11::ui
