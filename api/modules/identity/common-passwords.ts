/** What is tried first: long common passwords, keyboard walks, and their Chinese kin. Compared without case, leet and trailing digits. */
export const COMMON: ReadonlySet<string> = new Set(
  `password password1 passwordpassword password123 passw0rd123 p@ssw0rd123 mypassword yourpassword newpassword changeme changeme123 changemenow
  administrator administrator1 adminadmin admin123456 admin12345 adminpassword rootroot rootpassword superadmin superuser systemadmin
  welcome123 welcome1234 welcomehome letmein123 letmeinnow letmeinplease iloveyou123 iloveyou520 iloveyou1314 iloveyouforever
  qwertyuiop qwertyuiop1 qwertyuiop123 qwerty123456 qwerty12345 qwertyqwerty qazwsxedc qazwsxedcrfv qazwsx123456 1qaz2wsx3edc 1q2w3e4r5t
  1q2w3e4r5t6y zaq12wsxcde3 asdfghjkl asdfghjkl1 asdfghjkl123 asdfasdfasdf zxcvbnm123 zxcvbnmasd zxcvbnm1234 poiuytrewq lkjhgfdsa mnbvcxz123
  1234567890 0987654321 123456789a 123456789q a123456789 q123456789 aa123456789 abc123456789 abcd123456 abcd1234567 abc1234567 abcdefghij
  123456abcdef 123456qwerty 123qweasdzxc 123qwe123qwe qwe123qwe123 1234qwerasdf qwer1234asdf q1w2e3r4t5 q1w2e3r4t5y6 a1b2c3d4e5 a1s2d3f4g5
  1111111111 0000000000 8888888888 6666666666 1231231234 1212121212 1122334455 5201314520 5201314zz woaini520 woaini1314 woaini5201314
  woaini521 woaini123456 woaiwojia woaiwojia123 woaizhongguo zhongguo123 beijing2008 nihaonihao nihao123456 aini1314520 wodemima wodemima123
  mima123456 mimamima123 woshishui123 a5201314520 asd123456789 zxc123456789 wang123456 zhang123456 li123456789 football123 baseball123
  basketball monkey123456 dragon123456 sunshine123 princess123 superman123 batman123456 michael123456 jordan232323 computer123 internet123
  samsung12345 iphone123456 google123456 windows12345 microsoft123 trustno1trustno1 whatever123 freedom12345 shadow123456 master123456
  secret123456 testtest123 test12345678 testing12345 testpassword demo12345678 demopassword guest1234567 user12345678 userpassword login123456
  kefu123456 kefukefu123 kehu123456 wechat123456 weixin123456 weixinweixin company12345 lianke123456 liankelianke customer123 service12345
  correcthorse correcthorsebatterystaple`.split(/\s+/),
)
