/** Given and family names by culture, common first: picks are skewed to the front, as in life. */
export interface Culture {
  readonly locale: string;
  readonly country: string;
  readonly cities: readonly string[];
  readonly given: readonly string[];
  readonly family: readonly string[];
  /** Dialling code without the plus. */
  readonly dialling: string;
}

const words = (text: string): string[] => text.split(' ');

export const cultures: readonly Culture[] = [
  {
    locale: 'en-US',
    country: 'US',
    cities: ['New York', 'Chicago', 'Austin', 'Seattle', 'Denver'],
    given: words(
      'James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth Emma Olivia Noah Liam Ava Grace Ethan Ruth',
    ),
    family: words(
      'Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Moore Jackson Martin Lee Clark Young',
    ),
    dialling: '1',
  },
  {
    locale: 'en-GB',
    country: 'GB',
    cities: ['London', 'Leeds', 'Bristol', 'Glasgow'],
    given: words('Oliver Amelia George Isla Harry Ava Jack Sophie Charlie Poppy Oscar Freya'),
    family: [
      'Smith',
      'Jones',
      'Taylor',
      "O'Connor",
      'Walker',
      'Evans',
      'Hughes',
      'Green',
      'Clarke',
      'Wright',
    ],
    dialling: '44',
  },
  {
    locale: 'de-DE',
    country: 'DE',
    cities: ['Berlin', 'München', 'Köln', 'Hamburg', 'Leipzig'],
    given: words('Anna Jürgen Sabine Lukas Marie Paul Jörg Käthe Emil Lena Björn Mia'),
    family: words('Müller Schmidt Schneider Fischer Weber Becker Schäfer Koch Groß Köhler Krüger Weiß'),
    dialling: '49',
  },
  {
    locale: 'fr-FR',
    country: 'FR',
    cities: ['Paris', 'Lyon', 'Marseille', 'Nîmes'],
    given: words('Gabriel Léa Raphaël Chloé Louis Zoé Jules Inès Hélène François Noël Anaïs'),
    family: words('Martin Bernard Dubois Lefèvre Moreau Laurent Girard Béranger Fournier Mercier'),
    dialling: '33',
  },
  {
    locale: 'es-MX',
    country: 'MX',
    cities: ['Ciudad de México', 'Guadalajara', 'Monterrey', 'Mérida'],
    given: words('Santiago Sofía Mateo Valentina Sebastián María José Ximena Ángel Lucía'),
    family: ['García', 'Hernández', 'Martínez', 'López', 'González', 'Peña', 'Ibáñez', 'de la Cruz', 'Muñoz'],
    dialling: '52',
  },
  {
    locale: 'pt-BR',
    country: 'BR',
    cities: ['São Paulo', 'Rio de Janeiro', 'Salvador', 'Brasília'],
    given: words('Miguel Helena Arthur Alice João Laura Antônio Cecília Otávio Conceição'),
    family: words('Silva Santos Oliveira Souza Rodrigues Gonçalves Araújo Conceição Assunção'),
    dialling: '55',
  },
  {
    locale: 'ja-JP',
    country: 'JP',
    cities: ['東京', '大阪', '京都', '札幌'],
    given: words('陽菜 蓮 結衣 湊 さくら 大翔 葵 悠真 凛 樹'),
    family: words('佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤'),
    dialling: '81',
  },
  {
    locale: 'zh-CN',
    country: 'CN',
    cities: ['北京', '上海', '深圳', '成都'],
    given: words('伟 芳 秀英 敏 静 丽 强 磊 洋 艳'),
    family: words('王 李 张 刘 陈 杨 黄 赵 吴 周'),
    dialling: '86',
  },
  {
    locale: 'ar-EG',
    country: 'EG',
    cities: ['القاهرة', 'الإسكندرية', 'الجيزة'],
    given: words('محمد فاطمة أحمد مريم علي نور يوسف سارة عمر ليلى'),
    family: words('حسن إبراهيم السيد محمود عبدالله مصطفى سالم فهمي'),
    dialling: '20',
  },
  {
    locale: 'hi-IN',
    country: 'IN',
    cities: ['Mumbai', 'Bengaluru', 'दिल्ली', 'Chennai'],
    given: words('Aarav Diya Vivaan Ananya आदित्य Ishaan Priya काव्या Rohan Lakshmi'),
    family: words('Sharma Patel Singh Kumar Gupta Iyer Reddy Nair शर्मा Khan'),
    dialling: '91',
  },
  {
    locale: 'pl-PL',
    country: 'PL',
    cities: ['Warszawa', 'Kraków', 'Łódź', 'Gdańsk'],
    given: words('Antoni Zuzanna Jan Łucja Szymon Małgorzata Michał Żaneta'),
    family: words('Nowak Kowalski Wiśniewska Wójcik Kamiński Zieliński Szymańska Dąbrowski'),
    dialling: '48',
  },
  {
    locale: 'tr-TR',
    country: 'TR',
    cities: ['İstanbul', 'Ankara', 'İzmir'],
    given: words('Yusuf Zeynep Mustafa Elif İbrahim Işıl Çağla Ömer Şule'),
    family: words('Yılmaz Kaya Demir Çelik Şahin Öztürk Aydın Özdemir Güneş'),
    dialling: '90',
  },
];
