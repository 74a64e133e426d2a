// The reading half of TokenTableModel: where tokens are, and what cells say at the moment they are asked.
#include <bit>
#include <utility>

#include "models/token_table_model.h"
#include "models/token_words.h"

namespace vx11::ui {
namespace {

int alignmentOf(TokenColumn column) {
  return static_cast<int>((column == TokenColumn::Age ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

}  // namespace

std::optional<int> TokenTableModel::rowOf(const cluster::TokenId& id) const {
  const auto slot = set_.find(id);
  return slot && isShown(*slot) ? std::optional<int>(place_[*slot]) : std::nullopt;
}

const cluster::TokenRow* TokenTableModel::find(const cluster::TokenId& id) const {
  const auto slot = set_.find(id);
  return slot ? &set_.row(*slot) : nullptr;
}

int TokenTableModel::endingBetween(qint64 from, qint64 until) const {
  int count = 0;
  for (Slot slot = 0; slot < set_.slotEnd(); ++slot) {
    const cluster::TokenRow& row = set_.row(slot);
    count +=
        set_.used(slot) && row.state == cluster::TokenState::Live && row.expiresAt > from && row.expiresAt <= until;
  }
  return count;
}

void TokenTableModel::hold(const std::vector<Rows>& rows) {
  held_.assign(set_.slotEnd(), false);
  for (const auto& [first, last] : rows) {
    for (int row = first; row <= last; ++row) held_[shown_[static_cast<std::size_t>(row)].slot] = true;
  }
}

std::vector<TokenTableModel::Rows> TokenTableModel::release() {
  std::vector<Rows> rows;
  for (int row = 0; row < rowCount(); ++row) {
    const Slot slot = shown_[static_cast<std::size_t>(row)].slot;
    if (slot >= held_.size() || !held_[slot]) continue;
    if (!rows.empty() && rows.back().second == row - 1) {
      rows.back().second = row;
    } else {
      rows.emplace_back(row, row);
    }
  }
  held_ = {};
  return rows;
}

QString TokenTableModel::issuerText(const cluster::TokenRow& row) const {
  return row.issuer >= 0 ? issuers_.value(row.issuer) : words::unknownIssuer();
}

QString TokenTableModel::cachedText(const cluster::TokenRow& row) const { return words::cachedOn(row, instances_); }

bool TokenTableModel::issuerOnly(const cluster::TokenRow& row) const {
  return redisAway_ && words::alive(row, source_.now()) && row.cachedKnown && std::popcount(row.cachedOn) <= 1;
}

QString TokenTableModel::text(const cluster::TokenRow& row, TokenColumn column) const {
  switch (column) {
    case TokenColumn::Token:
      return row.masked();
    case TokenColumn::TimeLeft:
      return words::timeLeft(row, source_.now());
    case TokenColumn::Age:
      return words::age(row, source_.now());
    case TokenColumn::IssuedBy:
      return issuerText(row);
    case TokenColumn::CachedOn:
      return cachedText(row);
    case TokenColumn::State:
      return issuerOnly(row) ? markWord(Mark::IssuerOnly) : words::stateAt(row, source_.now());
  }
  return {};
}

/// A line an instance, so that each dot of the cell can be named.
QVariant TokenTableModel::cachedTip(const cluster::TokenRow& row) const {
  if (!row.cachedKnown) return tr("No instance tells where it is cached.");
  QStringList lines;
  for (qsizetype slot = 0; slot < instances_.size() && slot < 32; ++slot) {
    lines << ((row.cachedOn >> slot & 1U) != 0 ? tr("%1 holds a copy") : tr("%1 does not")).arg(instances_.at(slot));
  }
  return lines.join(u'\n');
}

bool TokenTableModel::isQuiet(const cluster::TokenRow& row, TokenColumn column) const {
  if (!words::alive(row, source_.now())) return true;
  if (column == TokenColumn::IssuedBy) return row.issuer < 0;
  return column == TokenColumn::CachedOn && (!row.cachedKnown || row.cachedOn == 0);
}

QString TokenTableModel::accessibleText(const cluster::TokenRow& row, TokenColumn column) const {
  const qint64 now = source_.now();
  switch (column) {
    case TokenColumn::Token:
      return row.singleUse ? tr("Token %1, single use").arg(row.masked()) : tr("Token %1").arg(row.masked());
    case TokenColumn::TimeLeft:
      return words::timeLeftSpoken(row, now);
    case TokenColumn::Age:
      return tr("%1 old").arg(words::age(row, now));
    case TokenColumn::IssuedBy:
      return tr("issued by %1").arg(issuerText(row));
    case TokenColumn::CachedOn:
      return tr("cached on %1").arg(cachedText(row));
    case TokenColumn::State:
      return words::alive(row, now) ? tr("%1, %2").arg(text(row, column), words::timeLeftSpoken(row, now))
                                    : words::stateAt(row, now);
  }
  return {};
}

int TokenTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int TokenTableModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : tokenColumnCount; }

QVariant TokenTableModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const cluster::TokenRow& row = rowAt(index.row());
  const auto column = static_cast<TokenColumn>(index.column());
  switch (role) {
    case Qt::DisplayRole:
      return text(row, column);
    case Qt::AccessibleTextRole:
      return accessibleText(row, column);
    case Qt::TextAlignmentRole:
      return alignmentOf(column);
    case ExpiresAtRole:
      return row.expiresAt;
    case TtlMsRole:
      return row.ttlMs;
    case LeftRole:
      return words::fractionLeft(row, source_.now());
    case SecondsLeftRole:
      return words::secondsLeft(row, source_.now());
    case MarkRole:
      return static_cast<int>(issuerOnly(row) ? Mark::IssuerOnly : words::markAt(row, source_.now()));
    case QuietRole:
      return isQuiet(row, column);
    case SingleUseRole:
      return row.singleUse;
    case OwnRole:
      return row.own;
    case IdRole:
      return QVariant::fromValue(row.id);
    case CachedOnRole:
      return row.cachedKnown ? QVariant(row.cachedOn) : QVariant();
    case InstanceCountRole:
      return static_cast<int>(instances_.size());
    case Qt::ToolTipRole:
      return column == TokenColumn::CachedOn ? cachedTip(row) : QVariant();
    default:
      return {};
  }
}

QVariant TokenTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= tokenColumnCount) return {};
  const auto column = static_cast<TokenColumn>(section);
  if (role == Qt::TextAlignmentRole) {
    return alignmentOf(column);
  }
  if (role != Qt::DisplayRole) return {};
  switch (column) {
    case TokenColumn::Token:
      return tr("Token");
    case TokenColumn::TimeLeft:
      return tr("Time left");
    case TokenColumn::Age:
      return tr("Age");
    case TokenColumn::IssuedBy:
      return tr("Issued by");
    case TokenColumn::CachedOn:
      return tr("Cached on");
    case TokenColumn::State:
      return tr("State");
  }
  return {};
}

}  // namespace vx11::ui
