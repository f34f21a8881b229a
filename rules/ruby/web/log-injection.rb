class Users
  def find
    # ruleid: ruby.web.log-injection
    logger.info("login of #{params[:name]}")
    # ruleid: ruby.web.log-injection
    Rails.logger.warn("login of " + params[:name])
    # ruleid: ruby.web.log-injection
    logger.error(params[:name])
    # ok: ruby.web.log-injection
    logger.info("login of #{params[:name].inspect}")
    # ok: ruby.web.log-injection
    logger.info("login")
    # ok: ruby.web.log-injection
    page.info(params[:name])
  end
end
