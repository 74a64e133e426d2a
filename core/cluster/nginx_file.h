// The part of an nginx file that is ours: what stands between the comments `# vx11 begin` and `# vx11 end`. A pair at
// the top, or in http, holds the upstream; a pair in a server holds its two locations. Everything else stays as it is,
// byte for byte. No I/O.
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>
#include <boost/system/result.hpp>

namespace vx11::cluster {

class NginxFile {
 public:
  static constexpr const char* begin = "# vx11 begin";
  static constexpr const char* end = "# vx11 end";
  static constexpr const char* upstream = "operator_backend";

  /// The error is a sentence with the line: a pair that isn't closed or stands where neither belongs, braces that
  /// don't match, no pair for the upstream, two of them.
  [[nodiscard]] static boost::system::result<NginxFile, QString> read(const QByteArray& text);

  /// The servers of the upstream between the marks, in order, without their parameters.
  [[nodiscard]] QStringList servers() const;
  /// Does the upstream between the marks hash addresses, so that a client stays where it is?
  [[nodiscard]] bool sticky() const { return sticky_; }
  /// A pair for the locations is there; without it the file must lead both paths to the upstream by itself.
  [[nodiscard]] bool hasLocations() const;

  /// The whole file for these servers (at least one), each with the parameters that it has in the file now.
  [[nodiscard]] QByteArray with(const QStringList& servers, bool sticky) const;

  /// What to put into a file that has no marks yet, as a text for people.
  [[nodiscard]] static QString howToMark();

 private:
  enum class Holds { Upstream, Locations };
  struct Block {
    Holds holds = Holds::Upstream;
    qsizetype from = 0, to = 0;  ///< of the text between the lines of the marks
    QByteArray indent;           ///< of the mark
  };
  struct Server {
    QString address;
    QByteArray parameters;
  };
  struct Reader;

  [[nodiscard]] QByteArray textOf(const Block& block, const QStringList& servers, bool sticky) const;

  QByteArray text_;
  QList<Block> blocks_;
  QList<Server> servers_;
  bool sticky_ = false;
};

}  // namespace vx11::cluster
