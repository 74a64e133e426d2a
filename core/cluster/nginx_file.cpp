#include "cluster/nginx_file.h"

#include <QCoreApplication>
#include <algorithm>
#include <optional>

namespace vx11::cluster {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::cluster::NginxFile)
};

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Is this comment the mark? What follows the mark's words is for people.
bool isMark(QByteArrayView comment, const char* mark) {
  const QByteArrayView words(mark);
  return comment.startsWith(words) && (comment.size() == words.size() || isSpace(comment[words.size()]));
}

}  // namespace

/// One walk over the text: words, quotes, comments, braces, and nothing else of nginx' language.
struct NginxFile::Reader {
  explicit Reader(const QByteArray& whole) : text(whole) {}

  const QByteArray& text;
  qsizetype at = 0;
  int line = 1;
  QList<QByteArray> outside{};    ///< the names of the blocks we are in
  QList<QByteArray> directive{};  ///< the words since the last ; { }
  QList<Block> blocks{};
  QList<Server> servers{};
  bool sticky = false;
  QString error{};
  int openLine = 0;  ///< of the mark whose pair is open
  qsizetype openDepth = 0;

  void read() {
    while (at < text.size() && error.isEmpty()) {
      const char c = text[at];
      if (isSpace(c)) {
        line += c == '\n';
        ++at;
      } else if (c == '#') {
        comment();
      } else if (c == '{' || c == '}' || c == ';') {
        ++at;
        punctuation(c);
      } else {
        word();
      }
    }
    if (!error.isEmpty()) return;
    if (!outside.isEmpty()) error = Words::tr("The block \"%1\" is not closed.").arg(QString::fromUtf8(outside.last()));
    if (openLine > 0)
      error = Words::tr("The mark \"%1\" in line %2 has no \"%3\".")
                  .arg(QLatin1String(begin))
                  .arg(openLine)
                  .arg(QLatin1String(end));
  }

 private:
  void comment() {
    const qsizetype eol = std::max(text.indexOf('\n', at), qsizetype{-1});
    const qsizetype stop = eol < 0 ? text.size() : eol;
    const QByteArrayView words = QByteArrayView(text).sliced(at, stop - at);
    if (isMark(words, begin)) {
      openMark(stop);
    } else if (isMark(words, end)) {
      closeMark();
    }
    at = stop;
  }

  /// White space alone stands before the mark in its line; else nothing.
  [[nodiscard]] std::optional<qsizetype> startOfLine() const {
    qsizetype start = at;
    while (start > 0 && (text[start - 1] == ' ' || text[start - 1] == '\t')) --start;
    if (start > 0 && text[start - 1] != '\n') return std::nullopt;
    return start;
  }

  void openMark(qsizetype stop) {
    const auto start = startOfLine();
    if (openLine > 0 || !start || !directive.isEmpty()) {
      error = Words::tr("The mark in line %1 stands inside something else.").arg(line);
      return;
    }
    const bool top = outside.isEmpty() || (outside.size() == 1 && outside.first() == "http");
    if (!top && outside.last() != "server") {
      error = Words::tr("The mark in line %1 stands in \"%2\": it belongs at the top, in http, or in a server.")
                  .arg(line)
                  .arg(QString::fromUtf8(outside.last()));
      return;
    }
    blocks.append(
        {top ? Holds::Upstream : Holds::Locations, std::min(stop + 1, text.size()), 0, text.mid(*start, at - *start)});
    openLine = line;
    openDepth = outside.size();
  }

  void closeMark() {
    const auto start = startOfLine();
    if (openLine == 0 || !start || !directive.isEmpty() || outside.size() != openDepth) {
      error = openLine > 0 ? Words::tr("The mark in line %1 stands inside something else.").arg(line)
                           : Words::tr("The mark \"%1\" in line %2 has no \"%3\" before it.")
                                 .arg(QLatin1String(end))
                                 .arg(line)
                                 .arg(QLatin1String(begin));
      return;
    }
    blocks.last().to = *start;
    openLine = 0;
  }

  void punctuation(char c) {
    if (c == '{') {
      outside.append(directive.value(0));
      if (inOurs() && directive.value(0) == "upstream" && directive.value(1) != upstream) {
        error = Words::tr("The upstream in line %1 is \"%2\" and not \"%3\".")
                    .arg(line)
                    .arg(QString::fromUtf8(directive.value(1)), QLatin1String(upstream));
      }
    } else if (c == '}') {
      if (outside.isEmpty() || (openLine > 0 && outside.size() == openDepth)) {
        error = Words::tr("The brace in line %1 closes nothing.").arg(line);
        return;
      }
      outside.removeLast();
    } else if (inOurs() && outside.value(openDepth) == "upstream") {
      if (directive.value(0) == "ip_hash") sticky = true;
      if (directive.value(0) == "server") {
        servers.append({QString::fromUtf8(directive.value(1)), directive.mid(2).join(' ')});
      }
    }
    directive.clear();
  }

  [[nodiscard]] bool inOurs() const { return openLine > 0 && blocks.last().holds == Holds::Upstream; }

  void word() {
    const qsizetype start = at;
    const char quote = text[at] == '"' || text[at] == '\'' ? text[at] : '\0';
    if (quote != '\0') ++at;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      if (c == '\\' && at + 1 < text.size()) {
        line += text[++at] == '\n';
      } else if (quote != '\0') {
        line += c == '\n';
        if (c != quote) continue;
        ++at;
        break;
      } else if (c == '$' && at + 1 < text.size() && text[at + 1] == '{') {
        at = std::max(text.indexOf('}', at), at);  // ${name} is no block
      } else if (isSpace(c) || c == ';' || c == '{' || c == '}') {
        break;
      }
    }
    directive.append(text.mid(start, at - start));
  }
};

boost::system::result<NginxFile, QString> NginxFile::read(const QByteArray& text) {
  Reader reader(text);
  reader.read();
  if (!reader.error.isEmpty()) return reader.error;
  const auto upstreams = std::count_if(reader.blocks.begin(), reader.blocks.end(),
                                       [](const Block& block) { return block.holds == Holds::Upstream; });
  if (upstreams == 0) return Words::tr("No place is marked for the upstream. %1").arg(howToMark());
  if (upstreams > 1) return Words::tr("%1 places are marked for the upstream.").arg(upstreams);
  NginxFile file;
  file.text_ = text;
  file.blocks_ = reader.blocks;
  file.servers_ = reader.servers;
  file.sticky_ = reader.sticky;
  return file;
}

QStringList NginxFile::servers() const {
  QStringList addresses;
  for (const Server& server : servers_) addresses.append(server.address);
  return addresses;
}

bool NginxFile::hasLocations() const {
  return std::any_of(blocks_.begin(), blocks_.end(),
                     [](const Block& block) { return block.holds == Holds::Locations; });
}

QByteArray NginxFile::with(const QStringList& servers, bool sticky) const {
  QByteArray whole;
  qsizetype copied = 0;
  for (const Block& block : blocks_) {
    whole += text_.sliced(copied, block.from - copied);
    whole += textOf(block, servers, sticky);
    copied = block.to;
  }
  return whole + text_.sliced(copied);
}

QByteArray NginxFile::textOf(const Block& block, const QStringList& servers, bool sticky) const {
  QList<QByteArray> lines;
  if (block.holds == Holds::Upstream) {
    lines << QByteArray("upstream ") + upstream + " {";
    if (sticky) lines << "    ip_hash;";
    for (const QString& address : servers) {
      const auto known = std::find_if(servers_.begin(), servers_.end(),
                                      [&](const Server& server) { return server.address == address; });
      QByteArray line = "    server " + address.toUtf8();
      if (known != servers_.end() && !known->parameters.isEmpty()) line += ' ' + known->parameters;
      lines << line + ';';
    }
    lines << "}";
  } else {
    const QByteArray pass = QByteArray("    proxy_pass http://") + upstream + ";";
    // A location with headers of its own inherits none; the service may heed the name that it is called by.
    const QByteArray host = "    proxy_set_header Host $host;";
    const QByteArray from = "    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
    lines << "location = /operator/api/events/sse-token {" << pass << host << from << "}";
    // Events pass one by one; the token in the URL stays out of the access log.
    lines << "location = /operator/api/events/stream {" << pass << host << from << "    proxy_http_version 1.1;"
          << "    proxy_set_header Connection \"\";"
          << "    proxy_buffering off;"
          << "    proxy_read_timeout 1h;"
          << "    access_log off;"
          << "}";
  }
  QByteArray text;
  for (const QByteArray& line : std::as_const(lines)) text += block.indent + line + '\n';
  return text;
}

QString NginxFile::howToMark() {
  return Words::tr(
             "Put the lines \"%1\" and \"%2\" around the upstream \"%3\", at the top of the file or in http, and "
             "another pair into the server, around its two locations.")
      .arg(QLatin1String(begin), QLatin1String(end), QLatin1String(upstream));
}

}  // namespace vx11::cluster
