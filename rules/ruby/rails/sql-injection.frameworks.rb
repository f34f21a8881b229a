class Users < Sinatra::Base
  get "/a" do
    # ruleid: ruby.rails.sql-injection
    db.execute("select * from t where name = '" + params[:name] + "'")
    names = []
    names << params[:name]
    # ruleid: ruby.rails.sql-injection
    db.execute("select * from t where name in (" + names.join(",") + ")")
    # ruleid: ruby.rails.sql-injection
    db.execute("select * from t where name = '" + request.user_agent + "'")
    # ok: ruby.rails.sql-injection
    db.execute("select * from t where id = #{params[:id].to_i}")
  end

  def helper(entry)
    params = entry.split(",")
    # ok: ruby.rails.sql-injection
    db.execute("select * from t where name = '" + params[0] + "'")
  end
end
